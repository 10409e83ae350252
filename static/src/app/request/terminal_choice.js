import {SelectionPopup} from "@point_of_sale/app/components/popups/selection_popup/selection_popup";
import {_t} from "@web/core/l10n/translation";
import {makeAwaitable} from "@point_of_sale/app/utils/make_awaitable_dialog";

/**
 * @param {Object} pos the POS store
 * @param {Object} terminals see SciTerminals
 * @param {number|false} methodId false for all that are paired
 * @returns {Promise<number|false>} id of the terminal that the cashier chose
 */
export async function chooseTerminal(pos, terminals, methodId) {
    await terminals.refresh();
    const offered = methodId ? terminals.of(methodId) : terminals.paired;
    const {own} = terminals;
    offered.sort((one, other) => (other.id === own) - (one.id === own));
    const list = offered.map((terminal) => ({
        id: terminal.id,
        item: terminal.id,
        label: terminal.busy
            ? _t("%(name)s (busy: %(register)s)", {
                  name: terminal.name,
                  register: terminal.busy,
              })
            : terminal.name,
        isSelected: false,
    }));
    const chosen = await makeAwaitable(pos.dialog, SelectionPopup, {
        title: _t("Which terminal?"),
        list,
    });
    return chosen || false;
}
