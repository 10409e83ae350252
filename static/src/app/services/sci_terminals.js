import {Reactive} from "@web/core/utils/reactive";
import {SelectionPopup} from "@point_of_sale/app/components/popups/selection_popup/selection_popup";
import {_t} from "@web/core/l10n/translation";
import {makeAwaitable} from "@point_of_sale/app/utils/make_awaitable_dialog";
import {usePos} from "@point_of_sale/app/hooks/pos_hook";
import {useState} from "@odoo/owl";

/**
 * The terminals that this register may use. What was loaded at the start stands until
 * the server says more: who is busy, what was paired or unpaired since. Components are
 * drawn again when it changes (see `useSciTerminals`).
 */
export class SciTerminals extends Reactive {
    /**
     * @param {() => Promise<object>} read asks the server for `pos_terminals`
     */
    constructor(read) {
        super();
        this.read = read;
        this.own = false;
        this.all = [];
        this.methods = {};
        this.canPair = false;
    }

    /** Takes over what the POS loaded at its start; needs no connection. */
    load({config, models}) {
        const terminals = models["pos.sci.terminal"]?.getAll() || [];
        this.own = config.sci_terminal_id?.id || false;
        this.all = terminals.map((terminal) => ({
            id: terminal.id,
            name: terminal.name,
            state: terminal.state,
            sandbox: terminal.sandbox,
            busy: false,
        }));
        for (const method of models["pos.payment.method"].getAll()) {
            const allowed = method.sci_terminal_ids || [];
            this.methods[method.id] = allowed.map((terminal) => terminal.id);
        }
    }

    /** Asks the server; without an answer what is known stays. */
    async refresh() {
        try {
            const answer = await this.read();
            Object.assign(this, {
                own: answer.sci_terminal_id,
                all: answer.terminals,
                methods: answer.methods,
                canPair: answer.can_pair,
            });
        } catch (error) {
            console.warn("The terminals could not be read:", error.message);
        }
    }

    get(id) {
        return this.all.find((terminal) => terminal.id === id);
    }

    /** @returns {object[]} the terminals that a payment method allows */
    of(methodId) {
        const ids = this.methods[methodId] || [];
        return this.all.filter(({id}) => ids.includes(id));
    }

    /** Money may go back to a card on any terminal of the company. */
    get paired() {
        return this.all.filter(({state}) => state === "paired");
    }

    /**
     * The terminal that a payment by this method goes to without a question: the
     * register's own, or the method's only one.
     * @returns {object|undefined} undefined when the cashier has to choose
     */
    usual(methodId) {
        const terminals = this.of(methodId);
        const only = terminals.length === 1 ? terminals[0] : undefined;
        return this.get(this.own) || only;
    }
}

/** @returns {SciTerminals} the terminals; the component is drawn again when they change */
export function useSciTerminals() {
    return useState(usePos().sci.terminals);
}

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
