"""An interface where each person signs in: added, signed in at and signed out of in the browser."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.fakes.identity import Identity
from tests.fakes.services import Services, specification


def add(page: Page, web: Services, identity: Identity) -> None:
    """Adds the kiosk by its dialog, for everybody, where it may stand on this machine."""
    page.goto("/interfaces")
    page.get_by_role("button", name="Add interface").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Text", exact=True).click()
    text = dialog.get_by_role("textbox", name="OpenAPI 3.0 or 3.1, JSON or YAML")
    text.fill(specification(web.url))
    text.press("Control+Enter")
    expect(dialog.get_by_text("Kiosk: 7 tools")).to_be_visible()
    dialog.get_by_role("combobox", name="Sign in").click()
    page.get_by_role("option", name="OAuth 2.0, each person signs in").click()
    expect(dialog.get_by_text("/api/tools/oauth/callback")).to_be_visible()
    dialog.get_by_role("textbox", name="Client id").fill("hub")
    dialog.get_by_role("textbox", name="Address of the sign-in").fill(f"{identity.root}/authorize")
    dialog.get_by_role("textbox", name="Address for tokens").fill(f"{identity.root}/token")
    dialog.get_by_text("For everybody on this hub").click()
    dialog.get_by_role("button", name="Add interface").click()
    expect(dialog).to_have_count(0)


def test_a_person_signs_in_at_an_interface_and_out_again(page: Page):
    with Services() as web, Identity() as identity:
        identity.known("hub")
        identity.refuses = "Ask the administrator"
        add(page, web, identity)
        page.get_by_role("link", name="Sign in").click()
        expect(page.get_by_text("was refused: access_denied, Ask the administrator")).to_be_visible()
        identity.refuses = ""
        page.get_by_role("link", name="Back to the interfaces").click()
        page.get_by_role("link", name="Sign in").click()
        out = page.get_by_role("button", name="Sign out")
        expect(out).to_be_visible()
        assert list(identity.tokens.values()) == [identity.person]
        page.get_by_role("button", name="Change", exact=True).click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("button", name="Sign out").click()
        expect(dialog).to_have_count(0)
        expect(page.get_by_role("link", name="Sign in")).to_be_visible()
        page.get_by_role("button", name="Change", exact=True).click()
        expect(dialog.get_by_role("link", name="Sign in")).to_be_visible()
        dialog.get_by_role("button", name="Remove interface").click()
        expect(page.get_by_role("link", name="Sign in")).to_have_count(0)
