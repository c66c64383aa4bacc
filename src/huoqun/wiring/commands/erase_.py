"""`huoqun erase`: a person, everywhere."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from huoqun.community.models import Person
from huoqun.community.operations import people
from huoqun.history.store import open_store


@click.command("erase")
@click.argument("person_id", type=int)
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(person_id: int, yes: bool) -> None:
    """Erase a person everywhere, history included. The number is in the address of the person's page."""
    person = Person.objects.select_related("community").filter(pk=person_id).first()
    if person is None:
        raise click.ClickException(f"there is no person {person_id}; the number is in the address of the person's page")
    keys = list(person.identities.values_list("key", flat=True))
    if not yes:
        click.confirm(f"Erase {person.name or person_id} of {person.community.name}? This cannot be undone", abort=True)
    slug = person.community.slug
    people.erase(person, now=datetime.now(UTC))
    gone = open_store().erase(keys, slug)
    click.echo(f"Erased; {gone} rows of history are gone.")
