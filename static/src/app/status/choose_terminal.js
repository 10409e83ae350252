import {SciTerminalChooser} from "./sci_terminal_chooser";
import {makeAwaitable} from "@point_of_sale/app/utils/make_awaitable_dialog";

/**
 * @param {Object} pos the POS store
 * @param {Object} terminals see SciTerminals
 * @param {number|false} methodId false for all that are paired
 * @returns {Promise<number|false>} id of the terminal that the cashier chose
 */
export async function chooseTerminal(pos, terminals, methodId) {
    await terminals.refresh();
    const chosen = await makeAwaitable(pos.dialog, SciTerminalChooser, {methodId});
    return chosen || false;
}
