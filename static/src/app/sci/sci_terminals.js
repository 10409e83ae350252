import {inTime} from "./in_time";
import {reactive} from "@odoo/owl";

/**
 * The terminals that this register may use. What was loaded at the start stands until
 * the server says more: who is busy, what was paired or unpaired since.
 */
export class SciTerminals {
    /**
     * @param {Object} pos the POS store
     */
    constructor(pos) {
        this.pos = pos;
        this.state = reactive({own: false, all: [], methods: {}, canPair: false});
    }

    /** Takes over what the POS loaded at its start; needs no connection. */
    load() {
        const {config, models} = this.pos;
        const terminals = models["pos.sci.terminal"]?.getAll() || [];
        this.state.own = config.sci_terminal_id?.id || false;
        this.state.all = terminals.map((terminal) => ({
            id: terminal.id,
            name: terminal.name,
            state: terminal.state,
            sandbox: terminal.sandbox,
            busy: false,
        }));
        for (const method of models["pos.payment.method"].getAll()) {
            const allowed = method.sci_terminal_ids || [];
            this.state.methods[method.id] = allowed.map((terminal) => terminal.id);
        }
    }

    /** Asks the server; without an answer what is known stays. */
    async refresh() {
        try {
            const answer = await inTime(
                this.pos.data.orm.silent.call("pos.sci.terminal", "pos_terminals", [
                    this.pos.config.id,
                ])
            );
            Object.assign(this.state, {
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
        return this.state.all.find((terminal) => terminal.id === id);
    }

    /** @returns {object[]} the terminals that a payment method allows */
    of(methodId) {
        const ids = this.state.methods[methodId] || [];
        return this.state.all.filter(({id}) => ids.includes(id));
    }

    /** Money may go back to a card on any terminal of the company. */
    get paired() {
        return this.state.all.filter(({state}) => state === "paired");
    }

    /**
     * The terminal that a payment by this method goes to without a question: the
     * register's own, or the method's only one.
     * @returns {object|undefined} undefined when the cashier has to choose
     */
    usual(methodId) {
        const terminals = this.of(methodId);
        const only = terminals.length === 1 ? terminals[0] : undefined;
        return this.get(this.state.own) || only;
    }
}
