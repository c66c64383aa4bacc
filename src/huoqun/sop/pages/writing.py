"""A playbook is written: as YAML text or file, or as a form for titles, texts and times."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from huoqun.community.models import Community
from huoqun.community.pages import looking
from huoqun.console.permissions import WORKERS, needs, staff_of
from huoqun.sop import words
from huoqun.sop.models import Playbook, Version
from huoqun.sop.operations import keeping
from huoqun.sop.pages import mistakes, seen, step_changes
from huoqun.sop.pages.first_form import BeginForm
from huoqun.sop.pages.step_forms import BookForm, shaped
from huoqun.sop.playbooks.plain import of_plain
from huoqun.sop.playbooks.playbook import Playbook as Book
from huoqun.sop.playbooks.reading import LONGEST, Mistake, Unreadable, read, write

LARGEST = 4 * LONGEST
"""Bytes of a file: so many at most are that many characters."""

FIRST = {
    "zh": """\
name: my-playbook
title: 我的流程
summary: 一句话说清它做什么
why: 为什么这样排
audience: {about: groups}
starts: [{when: every, rule: FREQ=DAILY, time: "09:30"}]
steps:
  - do: post
    key: morning
    at: {day: 0, time: "09:30", spread: 20m}
    words: {text: "[[早]]，{{群名}}", slots: {早: [早上好, 早呀]}}
  - do: todo
    key: answer
    at: {day: 0, time: "14:00"}
    core: answers
    task: 看看有没有没回答的问题
    why: 有问有答，群才有人来问。
""",
    "en": """\
name: my-playbook
title: My playbook
summary: What it does, in a sentence
why: Why its steps are in this order
audience: {about: groups}
starts: [{when: every, rule: FREQ=DAILY, time: "09:30"}]
steps:
  - do: post
    key: morning
    at: {day: 0, time: "09:30", spread: 20m}
    words: {text: "[[hello]], {{group}}", slots: {hello: [Good morning, Hello]}}
  - do: todo
    key: answer
    at: {day: 0, time: "14:00"}
    core: answers
    task: See whether a question is left without an answer
    why: Where questions are answered, people ask.
""",
}

HINTS = {
    "zh": {
        "variables": "{{群名}} {{运营}} {{社群}} {{日期}} {{星期}}", "member": "{{昵称}}",
        "fallback": "{{运营|我们}}", "slot": "[[问候]]",
    },
    "en": {
        "variables": "{{group}} {{operator}} {{community}} {{day}} {{weekday}}", "member": "{{member}}",
        "fallback": "{{operator|us}}", "slot": "[[hello]]",
    },
}  # fmt: skip
"""What may stand in a text, as the reader's language calls it."""


class TextForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Playbook as YAML"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 28, "class": "sop-yaml", "spellcheck": "false", "wrap": "off"}),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a file"),
        required=False,
        help_text=gettext_lazy("What is in the file stands in for the text above."),
        widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml,.txt", "class": "form-control"}),
    )
    note = forms.CharField(label=gettext_lazy("What changed"), required=False, max_length=200)

    def told(self) -> str:
        """What was handed in. Raises Unreadable."""
        file: UploadedFile[Any] | None = self.cleaned_data["file"]
        if file is None:
            return str(self.cleaned_data["text"])
        if (file.size or 0) > LARGEST:
            raise Unreadable([Mistake(1, "", f"It is longer than any playbook ({LONGEST:,} characters).")])
        try:
            return bytes(file.read()).decode("utf-8-sig")
        except UnicodeDecodeError:
            raise Unreadable([Mistake(1, "", "This is no YAML: not UTF-8.")]) from None


@needs(*WORKERS)
def new(request: HttpRequest) -> HttpResponse:
    home = seen.home(request)
    if home is None:
        return render(request, "sop/which.html", {"communities": looking.seen(request)})
    begun = BeginForm(request.POST if "begin" in request.POST else None, home=home)
    if begun.is_bound:
        return _begun(request, begun, home)
    language = "zh" if (get_language() or "zh").startswith("zh") else "en"
    form = TextForm(request.POST or None, request.FILES or None, initial={"text": FIRST[language]})
    return _written(request, home, form, begun=begun)


def _begun(request: HttpRequest, begun: BeginForm, home: Community) -> HttpResponse:
    """On to the form, where its steps are filled in."""
    if not begun.is_valid():
        return render(request, "sop/write.html", {"begun": begun, "form": TextForm(), "home": home}, status=422)
    version = keeping.keep(begun.made(), home, by=staff_of(request), now=timezone.now(), note=_("begun with the form"))
    messages.success(request, _("It is begun. Say below what it does; nothing happens before it is put to work."))
    return HttpResponseRedirect(reverse("sop:form", args=[version.playbook_id]))


@needs(*WORKERS)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    playbook = seen.one_offered(request, pk)
    assert playbook.community is not None
    latest = seen.version_of(playbook, None)
    form = TextForm(request.POST or None, request.FILES or None, initial={"text": write(latest.book)})
    return _written(request, playbook.community, form, playbook=playbook, latest=latest)


def _written(
    request: HttpRequest,
    home: Community,
    form: TextForm,
    *,
    playbook: Playbook | None = None,
    latest: Version | None = None,
    begun: BeginForm | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "home": home, "playbook": playbook, "latest": latest, "begun": begun}
    if request.method != "POST" or not form.is_valid():
        return render(request, "sop/write.html", context, status=422 if form.is_bound else 200)
    text = ""
    try:
        text = form.told()
        book = read(text)
        _fits(book, playbook, home)
    except Unreadable as wrong:
        again = TextForm(initial={"text": text or form.cleaned_data["text"], "note": form.cleaned_data["note"]})
        context |= {"form": again, "wrongs": mistakes.shown(wrong.mistakes)}
        return render(request, "sop/write.html", context, status=422)
    return kept(request, book, home, note=form.cleaned_data["note"], latest=latest)


def _fits(book: Book, playbook: Playbook | None, home: Community) -> None:
    """A version has the short name of its playbook; a new one none that is taken. Raises Unreadable."""
    if playbook is not None and book.name != playbook.name:
        raise Unreadable([Mistake(1, "name", "The short name stays what it is: write a new playbook for another one.")])
    if playbook is None and Playbook.objects.filter(community=home, name=book.name, archived_at=None).exists():
        raise Unreadable([Mistake(1, "name", "There is a playbook with this short name already: change that one.")])


def kept(request: HttpRequest, book: Book, home: Community, *, note: str, latest: Version | None) -> HttpResponse:
    version = keeping.keep(book, home, by=staff_of(request), now=timezone.now(), note=note)
    if latest is not None and version.pk == latest.pk:
        messages.info(request, _("Nothing is different: it stays version %(n)s.") % {"n": version.number})
    else:
        messages.success(request, _("Kept as version %(n)s.") % {"n": version.number})
    return seen.onward(request, version)


@needs(*WORKERS)
def form(request: HttpRequest, pk: int) -> HttpResponse:
    """Titles, texts and times, and which steps there are; what is rarer is changed in the YAML."""
    playbook = seen.one_offered(request, pk)
    assert playbook.community is not None
    latest = seen.version_of(playbook, None)
    filled = BookForm(request.POST or None, book=shaped(request.POST, latest.book))
    if request.method == "POST":
        is_valid = filled.is_valid()
        if wish := request.POST.get("change", ""):
            filled = _otherwise(filled, wish, request.POST.get("kind", ""))
        elif is_valid and filled.made is not None:
            return kept(request, filled.made, playbook.community, note=filled.cleaned_data["note"], latest=latest)
        else:
            filled = filled.grown()
    kinds = [(kind, words.KINDS[kind]) for kind in step_changes.offered(filled.book.audience.about)]
    hints = HINTS["zh" if (get_language() or "zh").startswith("zh") else "en"]
    context = {"form": filled, "playbook": playbook, "latest": latest, "kinds": kinds, "hints": hints}
    return render(request, "sop/form.html", context, status=422 if filled.is_bound else 200)


def _otherwise(filled: BookForm, wish: str, kind: str) -> BookForm:
    """The form with a step more, less or elsewhere, and nothing kept; as it is where something has to be mended first."""
    if filled.draft is None:
        return filled
    try:
        draft, _place = step_changes.changed(filled.draft, wish, kind)
    except ValueError:
        return filled
    return BookForm(book=of_plain(draft))
