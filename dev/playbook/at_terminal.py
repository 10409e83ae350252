"""Who is at the terminal: nobody, with the sandbox, or a person with mx51's."""

import contextlib

from testbed.sandbox import Sandbox

from .sentences import Unmet, sentence

#: Cards by what the sentences say of them.
CARDS = {
    "that is approved": "approve",
    "that is declined": "decline",
    "that needs a signature": "signature",
    "whose result is not known": "unknown",
}
#: How fast the virtual terminals are (seconds): a person could follow.
TEMPO = {"accept_delay": 0.3, "processing_delay": 0.5, "result_time": 3}


class Simulator(Sandbox):
    """The sandbox as a stage uses it: polls are held as long as mx51 seems to, the
    second terminal has a base URL of its own, and receipts have the register's time."""

    variables = {"TZ": "Australia/Sydney"}

    def __init__(self):
        super().__init__("--hold", 20, "--second-port", 0)
        self.set(**TEMPO)


class Skipped(Exception):
    """Whoever is at the terminal leaves this case out."""


class SandboxTerminal:
    """A virtual terminal."""

    #: Tidying costs nothing here.
    is_touched = True

    def __init__(self, sandbox, key):
        self._sandbox, self._key = sandbox, key

    def touch(self, verb, **data):
        return self._sandbox.touch(verb, self._key, **data)

    def shows(self, screen):
        return self._sandbox.shows(screen, self._key)

    def start_pairing(self):
        return self.touch("start_pairing")["pairing_code"]

    def confirm(self):
        self.shows("confirm_pairing")
        self.touch("confirm")

    def has_code(self, code):
        return self.shows("confirm_pairing") and (
            self._sandbox.get(f"terminals/{self._key}")["confirmation_code"] == code
        )

    def unpair(self):
        self.touch("unpair")

    def present(self, card):
        self.shows("present_card")
        self.touch("card", outcome=CARDS[card])

    def key_card(self):
        self.shows("moto")
        self.touch("card", outcome="approve")

    def sign(self, approved):
        self.shows("signature")
        self.touch("signature", approved=approved)

    def cancel(self):
        self.shows("present_card")
        self.touch("cancel")

    def tip(self, cents):
        self.shows("tip")
        self.touch("tip", amount=cents)

    def switch(self, on):
        self.touch("power", on=on)

    def show_test_form(self):
        self.shows("present_card")
        found = self._sandbox.get(f"terminals/{self._key}")["transaction"]
        self._sandbox.post(f"transactions/{found['id']}/certification")

    def configure(self, **values):
        self.touch("config", **values)

    def ask_for_tips(self):
        self.configure(tip_prompt=True)

    def accepts(self, step, what):
        """Its words are those that a case expects."""
        return False

    def tidy(self):
        """As it is between two customers."""
        self.touch("power", on=True)
        self.touch("online", on=True)
        self.touch("tear_off")
        screen = self._sandbox.get(f"terminals/{self._key}")["screen"]
        if screen == "signature":
            self.touch("signature", approved=False)
        elif screen in ("present_card", "moto", "tip", "cashout", "pairing_code"):
            self.touch("cancel")
        elif screen == "confirm_pairing":
            self.touch("reject")
        self.configure(tenant="authorised", tip_prompt=False, surcharge_rate=0)


class Person:
    """Somebody at a real terminal, asked through the console.

    :ivar is_touched: whether something was asked for at this terminal since `tidy`
    """

    def __init__(self, name, ask=input):
        self._name, self._ask = name, ask
        self.is_touched = self._asks_for_tips = False

    def _request(self, what, answer="then press Enter"):
        self.is_touched = True
        typed = self._ask(f"\n  At the terminal {self._name}: {what}; {answer}: ")
        if typed.strip().lower() == "skip":
            raise Skipped()
        return typed.strip()

    def _agrees(self, question):
        return self._request(question, "y or n").lower().startswith("y")

    def start_pairing(self):
        return self._request(
            "open “Manage POS pairing”, create a new pairing and choose “Simple Cloud"
            " Integration”",
            "type the code that it shows",
        )

    def confirm(self):
        self._request("confirm the pairing")

    def has_code(self, code):
        return self._agrees(f"does it show the confirmation code {code}")

    def unpair(self):
        self._request("remove the pairing")

    def present(self, card):
        self._request(f"present a card {card}")

    def key_card(self):
        self._request("key in a card that is approved")

    def sign(self, approved):
        self._request("approve the signature" if approved else "decline the signature")

    def cancel(self):
        self._request("cancel")

    def tip(self, cents):
        self._request(f"enter a tip of {cents / 100:.2f}")

    def switch(self, on):
        self._request("switch it on, and let it start" if on else "switch it off")

    def show_test_form(self):
        self._request("have mx51's test form of the Action Framework shown")

    def ask_for_tips(self):
        self._asks_for_tips = True
        self._request("have it ask the customer for a tip")

    def accepts(self, step, what):
        """Whether mx51 says in other words what the sandbox says."""
        return self._agrees(
            f"in the sandbox's words it has to be “{step}”.\n  {what}\n"
            "  Does this mean the same"
        )

    def tidy(self):
        wanted = "see that it is on, connected and idle"
        if self._asks_for_tips:
            wanted += ", and asks for no tip any more"
        with contextlib.suppress(Skipped):  # the case is over
            self._request(wanted)
        self.is_touched = self._asks_for_tips = False


def _of(stage, which):
    return stage.terminals["bistro" if which.startswith("Second") else "front-bar"]


def at_terminal(template):
    """A sentence about either terminal."""

    def known(function):
        for who in ("Terminal", "Second terminal"):
            sentence(f"{who}: {template}")(
                lambda stage, _who=who, **found: function(
                    _of(stage, _who), stage, **found
                )
            )
        return function

    return known


@at_terminal("start a pairing")
def _start_pairing(terminal, stage):
    stage.code = terminal.start_pairing()


@at_terminal("confirm the pairing")
def _confirm(terminal, stage):
    terminal.confirm()


@at_terminal("remove the pairing")
def _unpair(terminal, stage):
    stage.believe_losses()
    terminal.unpair()


@at_terminal("present a card {card}")
def _present(terminal, stage, card):
    terminal.present(card)


@at_terminal("key in a card")
def _key_card(terminal, stage):
    terminal.key_card()


@at_terminal("approve the signature")
def _approve(terminal, stage):
    terminal.sign(True)


@at_terminal("cancel")
def _cancel(terminal, stage):
    terminal.cancel()


@at_terminal("enter a tip of {amount}")
def _tip(terminal, stage, amount):
    terminal.tip(round(float(amount) * 100))


@at_terminal("switch off")
def _off(terminal, stage):
    terminal.switch(False)


@at_terminal("switch on")
def _on(terminal, stage):
    terminal.switch(True)


@at_terminal("show the test form")
def _test_form(terminal, stage):
    terminal.show_test_form()


@at_terminal("is set up to ask for tips")
def _asks_for_tips(terminal, stage):
    terminal.ask_for_tips()


@at_terminal("belongs to a bank that the key is not for")
def _forbidden(terminal, stage):
    terminal.configure(tenant="forbidden")


@at_terminal("is a live one")
def _live(terminal, stage):
    terminal.configure(tenant="live")


@sentence("See on both: the same confirmation code")
def _same_code(stage):
    shown = stage.page.locator(".o_sci_confirmation_code").inner_text().strip()
    if not stage.terminals["front-bar"].has_code(shown):
        raise Unmet(f"The POS shows {shown}, the terminal another one.")
