import {Reactive} from "@web/core/utils/reactive";
import {kindOf} from "@pos_mx51_sci/app/request/request";
import {usePos} from "@point_of_sale/app/hooks/pos_hook";
import {useState} from "@odoo/owl";

/** Nobody answers a pairing check: neither of this terminal nor of the next one. */
const SILENT = ["no_answer", "bad_answer"];

/** What a register shows of a terminal, as `pos_terminals` has it. */
const SHOWN = [
    "id",
    "name",
    "state",
    "sandbox",
    "is_of_other_database",
    "tid",
    "pairing_id",
    "pairing_nickname",
    "terminal_nickname",
    "not_connected_since",
];

/** Paired, and with this database: a copy sends nothing to a terminal. */
export function takesPayments({state, is_of_other_database: isCopy}) {
    return state === "paired" && !isCopy;
}

/** Nothing is known that would keep a payment from this terminal. */
function isReady(terminal) {
    const {busy, doing, not_connected_since: lostSince} = terminal;
    return takesPayments(terminal) && !busy && !doing && !lostSince;
}

/**
 * The terminals that this register may use. What was loaded at the start stands until
 * the server says more: who is busy, what was paired or unpaired since. Components are
 * drawn again when it changes (see `useSciTerminals`).
 */
export class SciTerminals extends Reactive {
    /**
     * @param {Object} params
     * @param {() => Promise<object>} params.read asks the server for `pos_terminals`
     * @param {(id: number) => Promise<object>} params.check asks it for a pairing check
     * @param {(paired: object[]) => void} params.onPaired terminals that were not
     * paired when they were read before
     */
    constructor({read, check, onPaired}) {
        super();
        Object.assign(this, {read, askPairing: check, onPaired});
        this.own = false;
        this.all = [];
        this.methods = {};
        // By method; the server knows what stands beside other registers
        this.usuals = null;
        this.canPair = false;
        // Id of the terminal whose pairing is being checked
        this.checking = false;
    }

    /** Takes over what the POS loaded at its start; needs no connection. */
    load({config, models}) {
        const terminals = models["pos.sci.terminal"]?.getAll() || [];
        this.own = config.sci_terminal_id?.id || false;
        this.all = terminals.map(({raw}) => ({
            ...Object.fromEntries(SHOWN.map((name) => [name, raw[name]])),
            busy: false,
            doing: false,
        }));
        for (const method of models["pos.payment.method"].getAll()) {
            const allowed = method.sci_terminal_ids || [];
            this.methods[method.id] = allowed.map((terminal) => terminal.id);
        }
    }

    /** Asks the server; without an answer what is known stays. */
    async refresh() {
        let answer = null;
        try {
            answer = await this.read();
        } catch (error) {
            console.warn("The terminals could not be read:", error.message);
            return;
        }
        const unpaired = this.all.filter(({state}) => state !== "paired");
        Object.assign(this, {
            own: answer.sci_terminal_id,
            all: answer.terminals,
            methods: answer.methods,
            usuals: answer.usual,
            canPair: answer.can_pair,
        });
        const paired = unpaired
            .map(({id}) => this.get(id))
            .filter((terminal) => terminal?.state === "paired");
        if (paired.length) {
            this.onPaired(paired);
        }
    }

    /**
     * Checks pairings with the terminal service, one after the other: a service that
     * is silent holds one process of the server, not several.
     * @param {Object[]} terminals those without a pairing are left out
     */
    async checkAll(terminals) {
        const active = terminals.filter(({state}) => state !== "unpaired");
        for (const {id} of active) {
            const view = await this.check(id);
            if (!view || SILENT.includes(view.error?.code)) {
                return;
            }
        }
    }

    /** @returns {Promise<object|false>} the pairing view, false without an answer */
    async check(id) {
        this.checking = id;
        try {
            const view = await this.askPairing(id);
            const terminal = this.get(id);
            if (terminal) {
                terminal.state = view.state;
            }
            return view;
        } catch (error) {
            console.warn("The pairing could not be checked:", error.message);
            return false;
        } finally {
            this.checking = false;
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

    /** @returns {object[]} all that this register's methods use, its own first */
    get ofRegister() {
        const ids = Object.values(this.methods).flat();
        return this.ownFirst(({id}) => ids.includes(id));
    }

    /** The terminal whose state stands for the register's. */
    get main() {
        return this.get(this.own) || this.ofRegister[0];
    }

    ownFirst(isOffered) {
        const {own} = this;
        return this.all
            .filter((terminal) => terminal.id === own || isOffered(terminal))
            .sort((one, other) => (other.id === own) - (one.id === own));
    }

    /**
     * What the cashier may choose from, the register's own first.
     * @param {number|false} methodId false for a refund: money may go back to a card on
     * any terminal of the company
     * @returns {object[]}
     */
    offered(methodId) {
        const ids = this.methods[methodId] || [];
        return this.ownFirst(({id, state}) =>
            methodId ? ids.includes(id) : state === "paired"
        );
    }

    /** What the cashier may choose from for this payment line. */
    offeredFor(line) {
        const isRefund = kindOf(line) === "refund";
        return this.offered(isRefund ? false : line.payment_method_id.id);
    }

    /**
     * The terminal of a payment's last attempt, or the one that was chosen for it, as
     * long as it may go there: so that Retry means the same one.
     * @returns {object|undefined}
     */
    lastOf(line) {
        const {sci, sciTerminal} = line.uiState || {};
        const last = this.get(sci?.view?.terminal_id || sciTerminal);
        // Money may go back on any terminal, and the server says when one will not do.
        const mayGo = kindOf(line) === "refund" || this.offeredFor(line).includes(last);
        return mayGo ? last : undefined;
    }

    /** The terminal that a payment goes to next, without a question. */
    next(line) {
        return this.lastOf(line) || this.usual(line.payment_method_id?.id);
    }

    /** Whether a payment could go to another terminal than that. */
    hasOther(line) {
        const next = this.next(line);
        return this.offeredFor(line).some((terminal) => terminal !== next);
    }

    /**
     * The terminal that a payment by this method goes to without a question, as the
     * server says; until it has, the register's own or the method's only one.
     * @returns {object|undefined} undefined when the cashier has to choose
     */
    usual(methodId) {
        if (this.usuals) {
            return this.get(this.usuals[methodId]);
        }
        const terminals = this.of(methodId);
        const only = terminals.length === 1 ? terminals[0] : undefined;
        return this.get(this.own) || only;
    }

    /**
     * Whether to ask which terminal, before anything is sent: there is no usual one, or
     * it will hardly do while another would. Alone it is tried, however it looks.
     * @param {Number} methodId
     * @param {Boolean} isRefund
     */
    isQuestion(methodId, isRefund) {
        const usual = this.usual(methodId);
        const offered = this.offered(isRefund ? false : methodId);
        if (!usual) {
            return offered.length > 0;
        }
        return (
            !isReady(usual) &&
            offered.some((terminal) => terminal !== usual && isReady(terminal))
        );
    }
}

/** @returns {SciTerminals} the terminals; the component is drawn again when they change */
export function useSciTerminals() {
    return useState(usePos().sci.terminals);
}
