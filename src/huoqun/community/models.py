"""Communities, groups, people, memberships, labels, tags, segments."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from huoqun.community.carrier_names import carrier_name
from huoqun.console.models import default_zone


class Community(models.Model):
    """A company, teacher or club with its groups. Nothing of one community is ever seen from another."""

    slug = models.SlugField(_("short name"), max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=120)
    zone = models.CharField(_("time zone"), max_length=64, default=default_zone)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("community")
        verbose_name_plural = _("communities")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Seat(models.Model):
    """Lets somebody work in a community. Administrators need none."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="seats")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="seats")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "staff"], name="one_seat_each")]

    def __str__(self) -> str:
        return f"{self.staff} @ {self.community}"


class Tag(models.Model):
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(_("tag"), max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "name"], name="tag_names_are_unique")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Connects(models.TextChoices):
    """What a group connects (C01)."""

    PEOPLE = "people", _("people with people")
    KNOWLEDGE = "knowledge", _("information and knowledge")
    GOODS = "goods", _("goods with people")
    INTEREST = "interest", _("a shared interest")
    RESOURCES = "resources", _("resources with resources")
    UNKNOWN = "", _("not said")


class Matter(models.TextChoices):
    """One matter (+社群, C03) or several (社群+, C04)."""

    ONE = "one", _("one matter")
    SEVERAL = "several", _("several matters")
    UNKNOWN = "", _("not said")


class Lifecycle(models.TextChoices):
    """How long a group is meant to live (L08). Health is judged against this plan."""

    PERMANENT = "permanent", _("permanent")
    SEASONAL = "seasonal", _("seasonal")
    FLASH = "flash", _("flash")


class Strategy(models.TextChoices):
    QUALITY = "quality", _("quality")
    FISSION = "fission", _("fission")
    HYBRID = "hybrid", _("hybrid")


class Stage(models.TextChoices):
    """How much the owner still carries (L06)."""

    HANDS_ON = "hands_on", _("hands-on")
    GUIDED = "guided", _("guided")
    AUTONOMOUS = "autonomous", _("autonomous")


class House(models.TextChoices):
    """Accounts that belong to the house: out of every health figure, shown beside it (L02)."""

    STAFF = "staff", _("staff")
    HELPER = "helper", _("house helper")
    BOT = "bot", _("bot")


class Person(models.Model):
    """Somebody in a community, with one identity or several."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="people")
    name = models.CharField(_("name"), max_length=200, blank=True)
    named_by_staff = models.BooleanField(default=False)
    note = models.TextField(_("note"), blank=True)
    house = models.CharField(_("house account"), max_length=16, choices=House, blank=True)
    """What the strongest label says; kept by `operations.labels`."""
    tags = models.ManyToManyField(Tag, blank=True, related_name="people")
    messages = models.PositiveBigIntegerField(_("messages"), default=0)
    groups_spoken = models.PositiveIntegerField(_("groups they spoke in"), default=0)
    last_spoke_at = models.DateTimeField(_("last message"), null=True, blank=True)
    """These three are over all groups, by the latest audit; kept by `operations.talk`, so that millions are sorted by them."""

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        indexes = [
            models.Index(fields=["community", "house", "messages"]),
            models.Index(fields=["community", "name"]),
            models.Index(fields=["community", "messages"]),
            models.Index(fields=["community", "last_spoke_at"]),
            # For whoever looks at all communities at once.
            models.Index(fields=["house", "messages"]),
            models.Index(fields=["name"]),
            models.Index(fields=["messages"]),
            models.Index(fields=["last_spoke_at"]),
            models.Index(fields=["name"], condition=models.Q(named_by_staff=True), name="named_by_staff"),
        ]

    def __str__(self) -> str:
        return self.name


class Identity(models.Model):
    """A person's account on one carrier. `key` is `vocabulary.ids.person_key`."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="identities")
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="identities")
    key = models.BigIntegerField(unique=True)
    carrier = models.CharField(_("carrier"), max_length=32)
    native_id = models.CharField(_("id on the carrier"), max_length=200)
    name = models.CharField(_("name"), max_length=200, blank=True)
    named_at = models.DateTimeField(null=True, blank=True)
    """When this name was last seen: an older export does not bring an old name back."""
    import_id = models.BigIntegerField(null=True, blank=True)
    """The import that first saw this identity, for undoing it; None for what came live."""

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identities")
        # The second is read from end to end by a search for part of a name: it holds all the search needs.
        indexes = [models.Index(fields=["native_id"]), models.Index(fields=["name", "person"])]

    def __str__(self) -> str:
        return self.name or self.native_id

    @property
    def carrier_name(self) -> str:
        return carrier_name(self.carrier)


class Erased(models.Model):
    """An identity whose person was erased on request, so that no export brings them back. The key alone names nobody."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="erased")
    key = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "key"], name="erased_once")]

    def __str__(self) -> str:
        return f"{self.key} @ {self.community_id}"


class Group(models.Model):
    """A chat group. `key` is `vocabulary.ids.group_key`; `state` is the latest audit's word, kept by a handler."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="groups")
    key = models.BigIntegerField(unique=True)
    carrier = models.CharField(_("carrier"), max_length=32)
    native_id = models.CharField(_("id on the carrier"), max_length=200)
    name = models.CharField(_("name"), max_length=200, blank=True)
    named_at = models.DateTimeField(null=True, blank=True)
    import_id = models.BigIntegerField(null=True, blank=True)
    owner = models.ForeignKey(Identity, on_delete=models.SET_NULL, null=True, blank=True, related_name="owned_groups")
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="operated_groups"
    )
    born_at = models.DateTimeField(_("created"), null=True, blank=True)
    dissolved_at = models.DateTimeField(_("dissolved"), null=True, blank=True)
    """Since then it is no more on the carrier; what was said there stays."""
    capacity = models.PositiveIntegerField(_("capacity"), null=True, blank=True)
    connects = models.CharField(_("connects"), max_length=16, choices=Connects, blank=True, default=Connects.UNKNOWN)
    matter = models.CharField(_("matters"), max_length=16, choices=Matter, blank=True, default=Matter.UNKNOWN)
    lifecycle = models.CharField(_("lifecycle"), max_length=16, choices=Lifecycle, default=Lifecycle.PERMANENT)
    planned_end = models.DateField(_("planned end"), null=True, blank=True)
    strategy = models.CharField(_("strategy"), max_length=16, choices=Strategy, default=Strategy.QUALITY)
    stage = models.CharField(_("stage"), max_length=16, choices=Stage, default=Stage.HANDS_ON)
    purpose = models.TextField(_("for whom, and what they do together"), blank=True)
    tags = models.ManyToManyField(Tag, blank=True, related_name="groups")
    state = models.CharField(_("state"), max_length=24, blank=True)
    state_since = models.DateField(_("since"), null=True, blank=True)
    deaf = models.CharField(max_length=16, blank=True)
    """Why nothing said there reaches us, a `vocabulary.heard.Deaf`; "": it does, or its carrier says nothing about that."""
    heard_since = models.DateTimeField(null=True, blank=True)
    """Since when that has been so, one way or the other; None: ever, as far as its carrier knows."""
    notice = models.TextField(_("notice"), blank=True)
    """What is pinned up in the group on its carrier."""
    noticed_at = models.DateTimeField(null=True, blank=True)
    """As of when the notice is known: what is older changes nothing."""
    admins = models.ManyToManyField(Identity, blank=True, related_name="administered_groups")
    """Who helps the owner on the carrier, where it says so."""

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        indexes = [models.Index(fields=["community", "state"])]

    def __str__(self) -> str:
        return self.name or self.native_id

    @property
    def carrier_name(self) -> str:
        return carrier_name(self.carrier)


class Membership(models.Model):
    """An identity's place in a group. Coming back after leaving opens the same row again."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="memberships")
    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="memberships")
    nickname = models.CharField(_("name in the group"), max_length=200, blank=True)
    joined_at = models.DateTimeField(_("joined"), null=True, blank=True)
    way = models.CharField(_("way in"), max_length=32, blank=True)
    inviter = models.ForeignKey(Identity, on_delete=models.SET_NULL, null=True, blank=True, related_name="invited")
    source = models.CharField(_("live code they came by"), max_length=64, blank=True)
    """What we called the code or link when we gave it to the carrier."""
    left_at = models.DateTimeField(_("left"), null=True, blank=True)
    seen_at = models.DateTimeField(_("last seen"), null=True, blank=True)
    """The latest thing known of them in this group, in time."""
    import_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "identity"], name="one_membership_each")]
        indexes = [models.Index(fields=["source"], name="memberships_by_source", condition=~models.Q(source=""))]

    def __str__(self) -> str:
        return f"{self.identity} in {self.group}"


class RosterReading(models.Model):
    """When a live account was last read from end to end, and what events had missed until then."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="roster_readings")
    carrier = models.CharField(max_length=32)
    name = models.CharField(max_length=170)
    """The account's."""
    at = models.DateTimeField()
    groups = models.PositiveIntegerField(default=0)
    people = models.PositiveIntegerField(default=0)
    joined = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "carrier", "name"], name="one_reading_an_account")]

    def __str__(self) -> str:
        return f"{self.carrier}/{self.name} {self.at}"


class Contact(models.Model):
    """A colleague and a person know each other on a carrier, so that they may write to each other outside of groups.

    Losing one another and coming back opens the same row again.
    """

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="known_contacts")
    staff = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="contacts")
    """The colleague's account on the carrier."""
    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="known_by")
    """The person's."""
    remark = models.CharField(_("remark"), max_length=200, blank=True)
    """What the colleague calls them."""
    description = models.TextField(_("description"), blank=True)
    tags = models.JSONField(_("tags on the carrier"), default=list, blank=True)
    """Names of the tags the company has put on them there, as this colleague sees them."""
    way = models.CharField(_("way in"), max_length=32, blank=True)
    source = models.CharField(_("live code they came by"), max_length=64, blank=True)
    """What the contact code or link they came by was given as its source: our own words."""
    mutual = models.BooleanField(default=True)
    """False: the person added the colleague, who has not added them back."""
    added_at = models.DateTimeField(_("added"), null=True, blank=True)
    lost_at = models.DateTimeField(_("lost"), null=True, blank=True)
    lost_by_customer = models.BooleanField(default=False)
    noted_at = models.DateTimeField(null=True, blank=True)
    """As of when remark, description and tags are known: what is older changes nothing."""

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [models.UniqueConstraint(fields=["staff", "identity"], name="each_pair_knows_once")]
        indexes = [models.Index(fields=["community", "source"], name="contacts_by_source")]

    def __str__(self) -> str:
        return f"{self.staff} knows {self.identity}"


class LabelSource(models.TextChoices):
    HAND = "hand", _("by hand")
    LIST = "list", _("from a list")
    RULE = "rule", _("by a rule")
    CARRIER = "carrier", _("by the carrier")


class Label(models.Model):
    """Says that a person is house, and who says so. A hand beats a list, a list a rule, a rule the carrier."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="labels")
    house = models.CharField(_("label"), max_length=16, choices=House, blank=True)
    """Empty: somebody says this person is not house, whatever weaker sources say."""
    source = models.CharField(_("source"), max_length=16, choices=LabelSource)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "source"], name="one_label_a_source")]

    def __str__(self) -> str:
        return f"{self.person}: {self.house or '-'} ({self.source})"


class LabelRule(models.Model):
    """Labels every identity whose name or carrier id matches a pattern (`*` and `?`)."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="label_rules")
    pattern = models.CharField(_("pattern"), max_length=120)
    house = models.CharField(_("label"), max_length=16, choices=House)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "pattern"], name="one_rule_a_pattern")]

    def __str__(self) -> str:
        return f"{self.pattern} -> {self.house}"


class Segment(models.Model):
    """A saved question over groups or people; answered anew each time it is opened."""

    class About(models.TextChoices):
        GROUPS = "groups", _("groups")
        PEOPLE = "people", _("people")

    community = models.ForeignKey(Community, on_delete=models.CASCADE, null=True, blank=True, related_name="segments")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="segments")
    about = models.CharField(max_length=8, choices=About)
    name = models.CharField(_("name"), max_length=80)
    filters = models.JSONField(default=dict)
    """The list page's query parameters, as the page reads them."""
    shared = models.BooleanField(_("shared with colleagues"), default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["staff", "about", "name"], name="segment_names_are_unique")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
