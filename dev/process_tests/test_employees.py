"""Where ``pos_hr`` identifies cashiers, the server checks who states an outcome."""

import pytest
from testbed.rpc_client import Refused
from testbed.sandbox import CREATE
from testbed.shop import LEDGER

ANYBODY = {"sci_override_by_managers": False}
MANAGERS = {"sci_override_by_managers": True}
WINDOW = 60
PIN_TRIES = 5


class Staff:
    """The employees of the shop; all but Sam work at Front Bar."""

    def __init__(self, shop):
        self._create = shop.admin.call
        self.kim = self._hire("Kim", pin="1111")
        self.manager = self._hire("Robin", pin="2222")
        self.elsewhere = self._hire("Sam", pin="3333")
        self.without_pin = self._hire("Alex")
        shop.admin.call(
            "pos.config",
            "write",
            [shop.front_bar],
            {
                "module_pos_hr": True,
                "basic_employee_ids": [(6, 0, [self.kim])],
                "advanced_employee_ids": [(6, 0, [self.manager, self.without_pin])],
            },
        )

    def _hire(self, name, **values):
        return self._create("hr.employee", "create", {"name": name, **values})


@pytest.fixture(scope="module")
def staff(lasting_shop):
    staff = Staff(lasting_shop)
    yield staff
    off = {"module_pos_hr": False, **ANYBODY}
    lasting_shop.admin.call("pos.config", "write", [lasting_shop.front_bar], off)


@pytest.fixture
def undecided(shop, staff):
    """A payment without an answer; its outcome may be stated now."""
    shop.sandbox.fault("drop_after", CREATE)
    view = shop.start(shop.payment())
    shop.database.age(view["id"], WINDOW)
    shop.database.query("UPDATE pos_config SET sci_pin_failures = 0")
    return view


def only(shop, values):
    shop.manager.call("pos.config", "write", [shop.front_bar], values)


def state(shop, view, employee=None, pin=None):
    """State at the register that the payment was successful."""
    arguments = ([view["id"]], True, "The slip says so", employee, pin)
    return shop.cashier.call(LEDGER, "sci_override", *arguments)


def stated_by(shop, view):
    row = shop.database.row(view["payment_uuid"])
    return row["override_outcome"], row["override_employee"]


def failures(shop):
    (register,) = shop.database.query(
        "SELECT sci_pin_failures FROM pos_config WHERE id = %s", shop.front_bar
    )
    return register["sci_pin_failures"]


def test_the_name_of_a_manager_with_the_right_pin_is_kept(shop, staff, undecided):
    only(shop, MANAGERS)

    assert state(shop, undecided, staff.manager, "2222")["overridden"] == "yes"

    assert stated_by(shop, undecided) == ("yes", "Robin")


@pytest.mark.parametrize("pin", ["1111", "", None, 2222, "22222", "\x00\ud800"])
def test_a_wrong_pin_is_refused_and_counted(shop, staff, undecided, pin):
    only(shop, MANAGERS)

    answer = state(shop, undecided, staff.manager, pin)

    assert answer["error"]["code"] == "wrong_pin"
    assert stated_by(shop, undecided) == (None, None)
    assert failures(shop) == 1


def test_after_too_many_wrong_pins_the_right_one_has_to_wait(shop, staff, undecided):
    only(shop, MANAGERS)
    for _try in range(PIN_TRIES):
        state(shop, undecided, staff.manager, "0000")

    answer = state(shop, undecided, staff.manager, "2222")
    assert answer["error"]["code"] == "too_many_pins"
    assert stated_by(shop, undecided) == (None, None)

    shop.database.query(
        "UPDATE pos_config SET sci_pin_failed_at = sci_pin_failed_at"
        " - interval '6 minutes'"
    )
    assert state(shop, undecided, staff.manager, "2222")["overridden"] == "yes"


def test_no_pin_can_be_guessed_where_no_override_is_needed(shop, staff, undecided):
    only(shop, MANAGERS)
    state(shop, undecided, staff.manager, "2222")

    for pin in ("1111", "2222"):
        answer = state(shop, undecided, staff.manager, pin)
        assert answer["error"]["code"] == "override_closed"

    assert failures(shop) == 0


def test_an_employee_without_a_pin_is_refused(shop, staff, undecided):
    only(shop, MANAGERS)
    for pin in (None, "", "2222"):
        answer = state(shop, undecided, staff.without_pin, pin)
        assert answer["error"]["code"] == "wrong_pin"
    assert stated_by(shop, undecided) == (None, None)


@pytest.mark.parametrize(
    "who, pin", [("kim", "1111"), ("elsewhere", "3333"), (None, "2222"), (10**9, "1")]
)
def test_whoever_is_no_manager_of_this_register_is_refused(
    shop, staff, undecided, who, pin
):
    only(shop, MANAGERS)
    employee = getattr(staff, who) if isinstance(who, str) else who

    with pytest.raises(Refused, match="Only a manager"):
        state(shop, undecided, employee, pin)

    assert stated_by(shop, undecided) == (None, None)


@pytest.mark.parametrize(
    "who, name", [("kim", "Kim"), ("manager", "Robin"), ("elsewhere", None)]
)
def test_the_name_of_an_employee_is_kept_if_they_work_there(
    shop, staff, undecided, who, name
):
    only(shop, ANYBODY)

    state(shop, undecided, getattr(staff, who))

    assert stated_by(shop, undecided) == ("yes", name)


def test_a_register_open_to_all_employees_keeps_any_name(shop, staff, undecided):
    only(shop, ANYBODY)
    nobody = {"basic_employee_ids": [(5,)]}
    shop.admin.call("pos.config", "write", [shop.front_bar], nobody)

    state(shop, undecided, staff.elsewhere)

    assert stated_by(shop, undecided) == ("yes", "Sam")
