import {Component, useState} from "@odoo/owl";
import {SciDayDesk} from "@pos_mx51_sci/app/services/sci_day_desk";
import {_t} from "@web/core/l10n/translation";
import {terminalState} from "@pos_mx51_sci/app/status/terminal_state";
import {usePos} from "@point_of_sale/app/hooks/pos_hook";
import {useSciTerminals} from "@pos_mx51_sci/app/services/sci_terminals";

/** One terminal in the panel: its facts, and what may be done with it. */
export class SciTerminalCard extends Component {
    static template = "pos_mx51_sci.SciTerminalCard";
    static props = {terminal: Object};

    setup() {
        this.pos = usePos();
        this.terminals = useSciTerminals();
        this.status = this.pos.sci.status;
        this.desk = new SciDayDesk(this.pos);
        this.work = useState({busy: "", note: "", error: ""});
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

    /** With pos_hr a manager comes with a PIN. */
    get maySettle() {
        return this.isPaired && this.desk.canSettle(this.status.isManager);
    }

    /**
     * One thing at a time, with what came of it below the buttons.
     * @param {String} name of what is being done
     * @param {() => Promise<object>} run `{note, error}`
     */
    async act(name, run) {
        if (this.work.busy) {
            return;
        }
        Object.assign(this.work, {busy: name, note: "", error: ""});
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
        this.status.openPairing(this.terminal.id);
    }

    useHere() {
        return this.act("use", async () => {
            const error = await this.status.useTerminal(this.terminal.id);
            return error ? {error} : {};
        });
    }

    /** The bank's totals of the day so far, or of the day that is closed with it. */
    askBank(kind) {
        return this.act(kind, async () => {
            const {id, name} = this.terminal;
            const ask = kind === "enquiry" ? "enquire" : "settle";
            const answer = await this.desk[ask]({terminal_id: id, name});
            await this.terminals.refresh();
            if (answer) {
                this.desk.showReceipt(answer);
            }
            return {};
        });
    }
}
