import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {ask} from "@point_of_sale/app/utils/make_awaitable_dialog";
import {terminalState} from "@pos_mx51_sci/app/status/terminal_state";
import {usePos} from "@point_of_sale/app/hooks/pos_hook";
import {useSciTerminals} from "@pos_mx51_sci/app/services/sci_terminals";

/** Statuses of totals that are still on their way. */
const UNDER_WAY = ["sending", "PENDING", "AWAITING_POS"];

/** One terminal in the panel: its facts, and what may be done with it. */
export class SciTerminalCard extends Component {
    static template = "pos_mx51_sci.SciTerminalCard";
    static props = {terminal: Object};

    setup() {
        this.pos = usePos();
        this.terminals = useSciTerminals();
        this.status = this.pos.sci.status;
        this.work = useState({busy: "", note: "", error: "", totals: false});
    }

    state(terminal) {
        return terminalState(terminal, this.pos.config.name);
    }

    get terminal() {
        return this.props.terminal;
    }

    get isOwn() {
        return this.terminal.id === this.terminals.own;
    }

    get isPaired() {
        return this.terminal.state === "paired";
    }

    get mayManage() {
        return this.terminals.canPair && this.status.isManager;
    }

    get isUnderWay() {
        return UNDER_WAY.includes(this.work.totals.status);
    }

    /**
     * One thing at a time, with what came of it below the buttons.
     * @param {String} name of what is being done
     * @param {() => Promise<object>} run `{note, error, totals}`
     */
    async act(name, run) {
        if (this.work.busy) {
            return;
        }
        Object.assign(this.work, {busy: name, note: "", error: "", totals: false});
        try {
            Object.assign(this.work, await run());
        } catch (error) {
            this.work.error = error.data?.message || _t("Odoo did not answer.");
        } finally {
            this.work.busy = "";
        }
    }

    test() {
        return this.act("test", async () => {
            const {error, state} = await this.status.test(this.terminal.id);
            if (error) {
                return {error: [error.message, error.hint].filter(Boolean).join(" ")};
            }
            return state === "paired"
                ? {note: _t("Tested: the pairing is active.")}
                : {error: _t("The pairing is not finished.")};
        });
    }

    pair() {
        this.pos.sci.openPairing(this.terminal.id);
    }

    useHere() {
        return this.act("use", async () => {
            const error = await this.status.useTerminal(this.terminal.id);
            return error ? {error} : {};
        });
    }

    enquire() {
        return this.act("enquiry", async () => ({
            totals: await this.status.askTotals(this.terminal.id, "enquiry"),
        }));
    }

    async settle() {
        const isSure = await ask(this.pos.dialog, {
            title: _t("Close the day of %s at the bank?", this.terminal.name),
            body: _t("What is taken afterwards belongs to the next day."),
            confirmLabel: _t("Settle"),
            cancelLabel: _t("Not now"),
        });
        if (isSure) {
            await this.act("settlement", async () => ({
                totals: await this.status.askTotals(this.terminal.id, "settlement"),
            }));
        }
    }

    checkTotals() {
        const {id} = this.work.totals;
        return this.act("check", async () => ({
            totals: await this.status.checkTotals(id),
        }));
    }

    printTotals() {
        return this.pos.sci.print(this.work.totals.receipt);
    }

    get totalsTitle() {
        const {totals} = this.work;
        return totals.kind === "settlement" ? _t("Settlement") : _t("Totals so far");
    }

    get totalsText() {
        const {message, status} = this.work.totals;
        const texts = {
            not_sent: _t("Nothing was sent."),
            unknown: _t("No answer. Look at the terminal."),
        };
        return this.isUnderWay
            ? _t("The terminal is still at work.")
            : [texts[status], message].filter(Boolean).join(" ");
    }
}
