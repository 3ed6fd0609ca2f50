"""What an operator does in the panel, watched by a second operator."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.stack, pytest.mark.browser]


def test_stop_turns_the_led_in_two_browsers_and_start_brings_the_popup(open_panel, stack):
    acting, watching = open_panel(), open_panel()
    for page in (acting, watching):
        expect(page.get_by_test_id("led-redis")).to_have_attribute("data-state", "up")
    acting.get_by_role("button", name="Stop redis", exact=True).click()
    effect = acting.get_by_role("dialog")
    expect(effect).to_contain_text("backend")  # what depends on it
    effect.get_by_role("button", name="Stop redis", exact=True).click()
    for page in (acting, watching):
        expect(page.get_by_test_id("led-redis")).to_have_attribute("data-state", "down")
        expect(page.get_by_test_id("log-redis")).to_contain_text("Service stopped manually")
    acting.get_by_role("button", name="Start redis", exact=True).click()
    expect(acting.get_by_role("dialog")).to_contain_text("Service redis was restarted successfully!!")
    for page in (acting, watching):
        expect(page.get_by_test_id("led-redis")).to_have_attribute("data-state", "up")
    assert open_panel.complaints == []


def test_a_ping_of_a_running_and_of_a_stopped_service_is_told_on_the_card(open_panel, stack):
    page = open_panel()
    ping = page.get_by_role("button", name="Ping redis", exact=True)
    newest = page.get_by_test_id("log-redis").locator(":scope > *").last
    stack.post("/restart/redis").raise_for_status()
    expect(newest).to_contain_text("restarted")
    ping.click()
    expect(newest).to_contain_text("Ping succeeded")
    stack.post("/stop/redis").raise_for_status()
    expect(newest).to_contain_text("Service stopped manually")
    ping.click()
    expect(newest).to_contain_text("Ping failed (service DOWN)")
    assert open_panel.complaints == []


def test_a_container_killed_behind_our_back_turns_red_by_itself(open_panel, stack):
    page = open_panel()
    expect(page.get_by_test_id("led-worker")).to_have_attribute("data-state", "up")
    stack.container("worker").kill()
    expect(page.get_by_test_id("led-worker")).to_have_attribute("data-state", "down")


def test_a_protected_service_cannot_be_stopped_from_its_card(open_panel, stack):
    page = open_panel()
    expect(page.get_by_test_id("led-backend")).to_have_attribute("data-state", "up")
    expect(page.get_by_role("button", name="Stop backend", exact=True)).to_be_disabled()


def test_a_panel_that_was_offline_shows_the_truth_again_without_a_reload(open_panel, stack):
    page = open_panel()
    expect(page.get_by_test_id("led-redis")).to_have_attribute("data-state", "up")
    page.evaluate("window.notReloaded = true")
    page.context.set_offline(True)
    expect(page.get_by_test_id("lost-banner")).to_be_visible()
    expect(page.get_by_role("button", name="Stop redis", exact=True)).to_be_disabled()
    stack.post("/stop/redis").raise_for_status()
    expect(page.get_by_test_id("led-redis")).not_to_have_attribute("data-state", "down")
    page.context.set_offline(False)
    expect(page.get_by_test_id("lost-banner")).to_be_hidden()
    expect(page.get_by_test_id("led-redis")).to_have_attribute("data-state", "down")
    assert page.evaluate("window.notReloaded") is True


def test_the_panel_survives_a_restart_of_the_backend_without_a_reload(open_panel, stack):
    page = open_panel()
    expect(page.get_by_test_id("led-redis")).to_have_attribute("data-state", "up")
    page.evaluate("window.notReloaded = true")
    stack.container("backend").stop()
    expect(page.get_by_test_id("lost-banner")).to_be_visible()
    stack.container("backend").start()
    expect(page.get_by_test_id("lost-banner")).to_be_hidden()
    stack.post("/stop/redis").raise_for_status()
    expect(page.get_by_test_id("led-redis")).to_have_attribute("data-state", "down")
    assert page.evaluate("window.notReloaded") is True
