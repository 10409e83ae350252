import {NumberPopup} from "@point_of_sale/app/components/popups/number_popup/number_popup";
import {SelectionPopup} from "@point_of_sale/app/components/popups/selection_popup/selection_popup";
import {_t} from "@web/core/l10n/translation";
import {makeAwaitable} from "@point_of_sale/app/utils/make_awaitable_dialog";

/** @returns {Boolean} whether pos_hr tells the cashiers of this register apart */
export function usesEmployees({config, models}) {
    return Boolean(config.module_pos_hr && models["hr.employee"]);
}

function choose(pos, managers) {
    if (managers.length < 2) {
        return managers[0];
    }
    const cashier = pos.getCashier();
    const list = managers.map((manager) => ({
        id: manager.id,
        item: manager,
        label: manager.name,
        isSelected: manager.id === cashier?.id,
    }));
    return makeAwaitable(pos.dialog, SelectionPopup, {
        title: _t("Which manager?"),
        list,
    });
}

function askPin({dialog}, manager) {
    return makeAwaitable(dialog, NumberPopup, {
        title: _t("PIN of %s", manager.name),
        formatDisplayedValue: (typed) => typed.replace(/./g, "•"),
    });
}

/**
 * A manager at this register: with pos_hr an employee, whose PIN the server compares,
 * else the user, whom it knows.
 * @param {Object} pos the POS store
 * @param {String} refusal what is said where there is no manager
 * @returns {Promise<{employeeId: number|null, pin: string|null}|{error: string}|null>}
 * null when the cashier changed their mind
 */
export async function identifyManager(pos, refusal) {
    if (!usesEmployees(pos)) {
        return {employeeId: null, pin: null};
    }
    const managers = pos.models["hr.employee"].filter(({_role}) => _role === "manager");
    if (!managers.length) {
        return {error: refusal};
    }
    const manager = await choose(pos, managers);
    if (manager?._pin === false) {
        return {
            error: _t("%s has no PIN. Set one in the employee's record.", manager.name),
        };
    }
    const pin = manager && (await askPin(pos, manager));
    return pin ? {employeeId: manager.id, pin} : null;
}
