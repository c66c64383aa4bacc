"""Companies connected through WeCom: their ids and, sealed, what opens their doors."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huoqun.console.sealed import SealedField
from huoqun.vocabulary.ids import Account

NAME = "wecom"

API = "https://qyapi.weixin.qq.com"


class Door(models.TextChoices):
    """Which of a company's secrets a call is made with."""

    APP = "app", _("the app")
    CONTACT = "contact", _("customer contact")
    ARCHIVE = "archive", _("conversation archive")


def new_hook() -> str:
    return secrets.token_urlsafe(18)


class Corp(models.Model):
    """A company as one community is connected to it. `community` is a slug; one company may serve several communities."""

    community = models.SlugField(max_length=64)
    corpid = models.CharField(_("company id"), max_length=64)
    name = models.CharField(_("company"), max_length=120, blank=True)
    api = models.URLField(_("address of the interface"), default=API)
    agentid = models.PositiveBigIntegerField(_("app id"), null=True, blank=True)
    hook = models.CharField(max_length=40, unique=True, default=new_hook)
    """Last part of the callback address: nobody guesses it, so a stranger's call is turned away before anything is computed."""
    app_secret = SealedField(blank=True)
    contact_secret = SealedField(blank=True)
    """Older companies have a secret of its own for customer contact; "": the app is allowed to."""
    archive_secret = SealedField(blank=True)
    callback_token = SealedField(blank=True)
    callback_key = SealedField(blank=True)
    """EncodingAESKey: 43 characters."""
    echoed_at = models.DateTimeField(null=True, blank=True)
    """When the platform last made sure that callbacks arrive here: token and key were the same on both sides."""
    sign_in = models.BooleanField(default=False)
    """Colleagues may come in with their WeCom account."""
    made_at = models.DateTimeField(_("connected"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "corpid"], name="each_company_once_a_community")]

    def __str__(self) -> str:
        return self.name or self.corpid

    @property
    def account(self) -> Account:
        """The account it acts and is heard through: callbacks arrive here."""
        return Account(self.community, NAME, self.corpid)

    @property
    def archive_account(self) -> Account:
        """The account its conversation archive is heard through; what is asked of it is done by the company's own."""
        return Account(self.community, NAME, f"{self.corpid}/archive")

    def secret(self, door: Door) -> str:
        return {
            Door.APP: self.app_secret,
            Door.CONTACT: self.contact_secret or self.app_secret,
            Door.ARCHIVE: self.archive_secret,
        }[door]


class Token(models.Model):
    """An access token: one a company and door, shared by all processes."""

    corp = models.ForeignKey(Corp, on_delete=models.CASCADE, related_name="tokens")
    door = models.CharField(max_length=16, choices=Door)
    value = SealedField(blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    fetched_by = models.CharField(max_length=40, blank=True)
    fetching_until = models.DateTimeField(null=True, blank=True)
    """While somebody asks for a new one, the others wait until here and then do it themselves."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["corp", "door"], name="one_token_a_door")]

    def __str__(self) -> str:
        return f"{self.corp_id}/{self.door}"


class Ticket(models.Model):
    """What a page needs to speak with the app around it, shared by all processes: few may be fetched an hour."""

    class Kind(models.TextChoices):
        COMPANY = "company"
        APP = "app"

    corp = models.ForeignKey(Corp, on_delete=models.CASCADE, related_name="tickets")
    kind = models.CharField(max_length=8, choices=Kind)
    value = SealedField(blank=True)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["corp", "kind"], name="one_ticket_a_kind")]

    def __str__(self) -> str:
        return f"{self.corp_id}/{self.kind}"


class Visit(models.Model):
    """Somebody was sent to WeCom to show who they are, and is to come back once. Only a digest of the state is kept."""

    corp = models.ForeignKey(Corp, on_delete=models.CASCADE, related_name="visits")
    digest = models.CharField(max_length=64, unique=True)
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    """Who was signed in and wants to come in this way from now on; None: whoever it is wants to come in."""
    onward = models.CharField(max_length=2000, default="/")
    begun_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.corp_id}, {self.begun_at:%Y-%m-%d %H:%M}"


class Archive(models.Model):
    """How far a company's conversation archive is read, what is kept of its files, and what is wrong with it just now."""

    corp = models.OneToOneField(Corp, on_delete=models.CASCADE, related_name="archive")
    proxy = models.CharField(_("proxy"), max_length=200, blank=True)
    proxy_password = SealedField(blank=True)
    file_limit_mb = models.PositiveIntegerField(_("largest file kept, in megabytes"), default=20)
    """0: no pictures, voices or files are fetched."""
    seq = models.PositiveBigIntegerField(_("read up to"), default=0)
    newest_at = models.DateTimeField(_("newest message read"), null=True, blank=True)
    asked_at = models.DateTimeField(_("last asked"), null=True, blank=True)
    """When it was last asked and answered."""
    more = models.BooleanField(default=False)
    """The last answer was a full page: there is more than was read."""
    behind_since = models.DateTimeField(null=True, blank=True)
    """While there is more: since when, by our clock ..."""
    behind_from = models.DateTimeField(null=True, blank=True)
    """... and which message was the newest then. From both follows how fast it catches up."""
    records = models.PositiveBigIntegerField(_("records read"), default=0)
    private = models.PositiveBigIntegerField(_("of chats between two"), default=0)
    """Passed over: what two people say to each other is no community's talk."""
    internal = models.PositiveBigIntegerField(_("of groups of colleagues only"), default=0)
    switched = models.PositiveBigIntegerField(_("of colleagues who changed company"), default=0)
    groups_listed_at = models.DateTimeField(_("groups listed"), null=True, blank=True)
    chores_at = models.DateTimeField(default=timezone.now)
    """When its coverage is looked after again; while somebody does, until when it is theirs."""
    licensed = models.JSONField(default=list, blank=True)
    """Userids of the colleagues who hold an archive licence, as last told."""
    coverage_trouble = models.CharField(max_length=300, blank=True)
    """Why coverage cannot be told just now: an English sentence that is translated when it is shown."""

    def __str__(self) -> str:
        return f"{self.corp_id}: {self.seq}"


class ArchiveKey(models.Model):
    """A pair of keys for the archive. Kept for ever: a record stays locked with the version in force when it was said."""

    corp = models.ForeignKey(Corp, on_delete=models.CASCADE, related_name="archive_keys")
    version = models.PositiveIntegerField(_("version"), null=True, blank=True)
    """As the company's console counts them. Empty until somebody says so, or a record is opened with it."""
    public = models.TextField(_("public key"))
    private = SealedField()
    made_at = models.DateTimeField(_("made"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-version", "-pk"]
        constraints = [models.UniqueConstraint(fields=["corp", "version"], name="one_archive_key_a_version")]

    def __str__(self) -> str:
        return f"{self.corp_id}: {self.version or '?'}"


class ArchiveHeld(models.Model):
    """A record of the archive that cannot be opened yet, kept locked as it came. It is opened once the right key is there."""

    class Why(models.TextChoices):
        NO_KEY = "no_key", _("the key of this version is missing")
        WRONG_KEY = "wrong_key", _("the key of this version does not fit")
        DAMAGED = "damaged", _("the library cannot open it")

    corp = models.ForeignKey(Corp, on_delete=models.CASCADE, related_name="archive_held")
    seq = models.PositiveBigIntegerField()
    msgid = models.CharField(max_length=200)
    version = models.PositiveIntegerField(_("version"))
    locked_key = models.TextField()
    locked_message = models.TextField()
    why = models.CharField(max_length=12, choices=Why)
    code = models.IntegerField(null=True, blank=True)
    """The library's number, where it is the library that could not."""
    tried_with = models.CharField(max_length=32)
    """Mark of the keys it was tried with: it is tried again when there are others."""
    given_at = models.DateTimeField(null=True, blank=True)
    """Opened and handed on; the row goes once that is surely kept."""
    found_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["corp", "msgid"], name="each_locked_record_once")]
        indexes = [models.Index(fields=["corp", "version"], name="locked_by_version")]

    def __str__(self) -> str:
        return f"{self.corp_id}: {self.seq} ({self.why})"


class ArchiveRaw(models.Model):
    """A record of a kind, or of a shape, nobody knew: counted as talk, and kept as it was."""

    corp = models.ForeignKey(Corp, on_delete=models.CASCADE, related_name="archive_raw")
    msgid = models.CharField(max_length=200)
    msgtype = models.CharField(_("kind"), max_length=64)
    group_id = models.CharField(max_length=64)
    at = models.DateTimeField()
    field = models.CharField(max_length=80, blank=True)
    """What of it was not understood; "" for the kind as a whole."""
    raw = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["corp", "msgid"], name="each_raw_record_once")]

    def __str__(self) -> str:
        return f"{self.corp_id}: {self.msgtype} {self.msgid}"


class ArchiveFile(models.Model):
    """A picture, voice, film or document of a message: to be fetched, fetched, or why not."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        KEPT = "kept", _("kept")
        TOO_LARGE = "too_large", _("too large")
        GONE = "gone", _("no longer there")
        FAILED = "failed", _("failed")

    corp = models.ForeignKey(Corp, on_delete=models.CASCADE, related_name="archive_files")
    msgid = models.CharField(max_length=200)
    number = models.PositiveIntegerField()
    """Which of the message's files, from 0."""
    group_id = models.CharField(max_length=64)
    author_id = models.CharField(max_length=64)
    at = models.DateTimeField()
    kind = models.CharField(max_length=16)
    name = models.CharField(max_length=300, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    """As announced; 0: not announced."""
    md5 = models.CharField(max_length=32, blank=True)
    file_id = models.TextField()
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    index = models.TextField(blank=True)
    """Where the next piece begins, in the library's words."""
    got = models.PositiveBigIntegerField(default=0)
    stored = models.CharField(max_length=64, blank=True)
    """Its name in our folder."""
    tries = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    """When it is fetched, or tried again; while somebody does, until when it is theirs."""
    code = models.IntegerField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["corp", "msgid", "number"], name="each_archive_file_once")]
        indexes = [
            models.Index(fields=["next_at"], name="archive_files_by_turn", condition=models.Q(state="waiting")),
            models.Index(fields=["corp", "state"], name="archive_files_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.corp_id}: {self.kind} {self.msgid}/{self.number}"


class ArchiveConsent(models.Model):
    """Whether a customer agreed that what they say is archived: in one group, or ("") in chats with one colleague."""

    class Answer(models.TextChoices):
        AGREED = "Agree", _("agreed")
        REFUSED = "Disagree", _("refused")
        BY_DEFAULT = "Default_Agree", _("agreed by default")

    corp = models.ForeignKey(Corp, on_delete=models.CASCADE, related_name="archive_consents")
    group_id = models.CharField(max_length=64, blank=True)
    person_id = models.CharField(max_length=64)
    answer = models.CharField(max_length=16, choices=Answer)
    at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["corp", "group_id", "person_id"], name="one_consent_a_place")]

    def __str__(self) -> str:
        return f"{self.corp_id}: {self.person_id} {self.answer}"


class ArchiveCoverage(models.Model):
    """Whether what is said in a group reaches the archive: only where a colleague with a licence is a member."""

    corp = models.ForeignKey(Corp, on_delete=models.CASCADE, related_name="archive_coverage")
    group_id = models.CharField(max_length=64)
    name = models.CharField(_("group"), max_length=200, blank=True)
    members = models.PositiveIntegerField(_("members"), default=0)
    customers = models.PositiveIntegerField(_("customers"), default=0)
    colleagues = models.PositiveIntegerField(_("colleagues"), default=0)
    licensed = models.PositiveIntegerField(_("with a licence"), default=0)
    agreed = models.PositiveIntegerField(_("agreed"), default=0)
    by_default = models.PositiveIntegerField(_("agreed by default"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)
    listed_at = models.DateTimeField(null=True, blank=True)
    """When the carrier last named it among its groups."""
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)
    check_at = models.DateTimeField()
    last_at = models.DateTimeField(_("last message read"), null=True, blank=True)
    code = models.IntegerField(null=True, blank=True)
    """Why it could not be checked last time, as the carrier's number."""
    turned_at = models.DateTimeField(null=True, blank=True)
    """Since when what is said there has been archived, or has not been; None: ever, as far as anybody knows."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["corp", "group_id"], name="coverage_once_a_group")]
        indexes = [models.Index(fields=["corp", "check_at"], name="coverage_by_turn")]

    def __str__(self) -> str:
        return f"{self.corp_id}: {self.group_id} {self.licensed}"


class ArchiveForgotten(models.Model):
    """Somebody who was erased: what they say later is not kept either. Only a key, from which nobody finds out who it was."""

    community = models.SlugField(max_length=64)
    key = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "key"], name="forgotten_once")]

    def __str__(self) -> str:
        return f"{self.community}: {self.key}"


class ArchiveGap(models.Model):
    """A time of which nothing may have been read: the archive was not asked for longer than it keeps records."""

    corp = models.ForeignKey(Corp, on_delete=models.CASCADE, related_name="archive_gaps")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    found_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["corp", "begins_at"], name="each_gap_once")]

    def __str__(self) -> str:
        return f"{self.corp_id}: {self.begins_at} to {self.ends_at}"


class Sync(models.Model):
    """A walk through everybody and everything there is: the first, or one that looks for what events have missed."""

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        STOPPED = "stopped", _("stopped")

    class Step(models.TextChoices):
        COLLEAGUES = "colleagues", _("colleagues")
        CONTACTS = "contacts", _("customers")
        LIST = "list", _("list of groups")
        GROUPS = "groups", _("groups and members")
        ALL = "all", _("history")

    corp = models.ForeignKey(Corp, on_delete=models.CASCADE, related_name="syncs")
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.RUNNING)
    step = models.CharField(_("step"), max_length=12, choices=Step, default=Step.COLLEAGUES)
    cursor = models.TextField(blank=True)
    """With what it goes on; everything before is kept."""
    first = models.BooleanField(default=False)
    """Nothing was known before: what it brought is no sign of missed events."""
    brought = models.JSONField(default=dict)
    """What was not known before, by the names of `vocabulary.roster.Brought`."""
    trouble = models.CharField(_("trouble"), max_length=300, blank=True)
    """Why it stands still, or what it had to do without: an English sentence that is translated when it is shown."""
    interruptions = models.PositiveIntegerField(default=0)
    """How often it was taken up again."""
    begun_at = models.DateTimeField(_("begun"))
    moved_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["corp"], condition=~models.Q(state="done"), name="one_open_sync_a_company")
        ]

    def __str__(self) -> str:
        return f"{self.corp_id}: {self.step} ({self.state})"


class Colleague(models.Model):
    """Somebody in the company's directory, as far as the app may see it, and how far their customers were read."""

    corp = models.ForeignKey(Corp, on_delete=models.CASCADE, related_name="colleagues")
    userid = models.CharField(max_length=64)
    name = models.CharField(_("name"), max_length=200, blank=True)
    departments = models.JSONField(_("departments"), default=list)
    """Names, from the top down where they lie in one another."""
    serves = models.BooleanField(default=False)
    """They may have customers."""
    listed_by = models.BigIntegerField(default=0)
    """The walk which found them last; who is not found any more has left, or the app may not see them."""
    read_by = models.BigIntegerField(default=0)
    """The walk which has read all their customers."""
    expected = models.PositiveIntegerField(_("customers"), default=0)
    fetched = models.PositiveIntegerField(_("fetched"), default=0)
    nameless = models.PositiveIntegerField(_("without a name"), default=0)
    trouble = models.CharField(_("trouble"), max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["corp", "userid"], name="each_colleague_once")]
        ordering = ["userid"]

    def __str__(self) -> str:
        return self.name or self.userid


class Chat(models.Model):
    """A customer group as it was last read."""

    corp = models.ForeignKey(Corp, on_delete=models.CASCADE, related_name="chats")
    chat_id = models.CharField(max_length=64)
    name = models.CharField(_("name"), max_length=200, blank=True)
    version = models.CharField(max_length=64, blank=True)
    """Mark of the list of members that community has; "": it has to be read."""
    listed_by = models.BigIntegerField(default=0)
    read_by = models.BigIntegerField(default=0)
    members = models.PositiveIntegerField(_("members"), default=0)
    nameless = models.PositiveIntegerField(_("without a name"), default=0)
    trouble = models.CharField(_("trouble"), max_length=300, blank=True)
    """Why it could not be read last time: an English sentence."""
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["corp", "chat_id"], name="each_chat_once")]
        indexes = [models.Index(fields=["corp", "listed_by"], name="chats_by_walk")]

    def __str__(self) -> str:
        return self.name or self.chat_id


class Delivery(models.Model):
    """A callback as it was unlocked: kept first, understood later."""

    class State(models.TextChoices):
        NEW = "new", _("not looked at yet")
        OWED = "owed", _("told, details are still to be asked for")
        DONE = "done", _("told")
        PASSED_OVER = "passed_over", _("passed over")
        UNREADABLE = "unreadable", _("could not be read")

    corp = models.ForeignKey(Corp, on_delete=models.CASCADE, related_name="deliveries")
    key = models.CharField(max_length=120)
    """The same for the same happening, however often it is delivered."""
    kind = models.CharField(_("kind"), max_length=120)
    """As it calls itself: "change_external_chat/update/add_member"."""
    body = models.TextField()
    received_at = models.DateTimeField(_("received"))
    state = models.CharField(max_length=12, choices=State, default=State.NEW)
    after = models.CharField(max_length=12, choices=State, blank=True)
    """What its state becomes once that which was told of it is surely kept ..."""
    told_in = models.CharField(max_length=32, blank=True)
    """... which is when this answer's name comes back as the cursor."""
    try_at = models.DateTimeField()
    """From when on it may be read, or its details be asked for again."""
    tries = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["corp", "key"], name="each_delivery_once")]
        indexes = [
            models.Index(fields=["corp", "try_at"], name="deliveries_open", condition=models.Q(state__in=["new", "owed"])),
            models.Index(fields=["received_at"], name="deliveries_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.corp_id}: {self.kind} {self.key}"


class Deed(models.Model):
    """Something this carrier was asked to do under a key and has begun to do. WeCom knows nothing of keys: what became of a
    call that was cut off is found out by what is written here. Requests joined in one call share its `call`; each try has one
    of its own, as a worker that was held up for long may wake and try what another has tried meanwhile.
    """

    corp = models.ForeignKey(Corp, on_delete=models.CASCADE, related_name="deeds")
    key = models.CharField(max_length=200)
    kind = models.CharField(max_length=32)
    call = models.CharField(max_length=32)
    digest = models.CharField(max_length=64, blank=True)
    """Of what people read, so that it can be recognised among what WeCom lists."""
    sender = models.CharField(max_length=64, blank=True)
    begun_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    """When WeCom said yes."""
    message_id = models.CharField(max_length=200, blank=True)
    """What WeCom calls the result."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["corp", "key", "call"], name="each_deed_once_a_call")]
        indexes = [
            models.Index(fields=["corp", "digest"], name="deeds_by_what_was_said"),
            models.Index(fields=["corp", "message_id"], name="deeds_by_message"),
            models.Index(fields=["begun_at"], name="deeds_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.corp_id}: {self.kind} {self.key}"


class Media(models.Model):
    """A picture that WeCom has for a few days, so that it is not sent up again for each message."""

    class Use(models.TextChoices):
        MESSAGE = "message", _("in messages")
        MOMENT = "moment", _("in moments")
        ADDRESS = "address", _("beside a link")

    corp = models.ForeignKey(Corp, on_delete=models.CASCADE, related_name="media")
    upload_id = models.CharField(max_length=64)
    use = models.CharField(max_length=8, choices=Use)
    value = models.CharField(max_length=1000)
    """Its media_id there, or its address."""
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["corp", "upload_id", "use"], name="each_picture_once_a_use")]

    def __str__(self) -> str:
        return f"{self.corp_id}: {self.upload_id} {self.use}"


class Spent(models.Model):
    """How often one process has called a path of WeCom in a short stretch of time: read by the others, so that all keep within
    one budget.
    """

    whose = models.CharField(max_length=300)
    path = models.CharField(max_length=100)
    slot = models.BigIntegerField()
    by = models.CharField(max_length=40)
    calls = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["whose", "slot", "path", "by"], name="each_process_counts_once")]
        indexes = [models.Index(fields=["slot"], name="spent_by_age")]

    def __str__(self) -> str:
        return f"{self.whose} {self.path}: {self.calls} by {self.by}"


class Closed(models.Model):
    """WeCom said "too often": until then no process calls the path."""

    whose = models.CharField(max_length=300)
    path = models.CharField(max_length=100)
    until = models.DateTimeField()
    times = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["whose", "path"], name="each_path_closed_once")]

    def __str__(self) -> str:
        return f"{self.whose} {self.path} until {self.until}"
