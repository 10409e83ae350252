import {clock, isToday} from "@pos_mx51_sci/app/display/moments";
import {identifyManager, usesEmployees} from "@pos_mx51_sci/app/request/manager";
import {AlertDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {ConnectionLostError} from "@web/core/network/rpc";
import {UNFINISHED} from "@pos_mx51_sci/app/components/sci_day/sci_day";
import {_t} from "@web/core/l10n/translation";
import {ask} from "@point_of_sale/app/utils/make_awaitable_dialog";
import {delay} from "@web/core/utils/concurrency";
import {openLazyDialog} from "@pos_mx51_sci/app/display/lazy_dialogs";
import {reactive} from "@odoo/owl";

/** Milliseconds between two looks at a settlement that goes on, and how many. */
const LOOK_EVERY = 3000;
const LOOKS = 20;

/**
 * The end of the day of this session's terminals: what the server has counted, and the
 * bank's totals, which are asked for here.
 */
export class SciDayDesk {
    /** @param {Object} pos the POS store */
    constructor(pos) {
        this.pos = pos;
        this.state = reactive({entries: [], busy: {}});
    }

    call(method, ...args) {
        const {data, session} = this.pos;
        return data.call("pos.session", method, [[session.id], ...args]);
    }

    async load() {
        this.state.entries = await this.call("sci_day");
    }

    entryOf(terminalId) {
        return this.state.entries.find(({terminal_id: id}) => id === terminalId);
    }

    async showRows(entry, scope, name, label) {
        const args = ["sci_day_rows", entry.terminal_id, scope, name];
        const rows = await this.tried(() => this.call(...args));
        if (rows) {
            this.open("SciDayRows", {title: `${entry.name} · ${label}`, rows});
        }
    }

    showReceipt(settlement) {
        this.open("SciSettlementDialog", {settlement});
    }

    open(name, props) {
        return openLazyDialog(this.pos.env.services, name, props);
    }

    enquire(entry) {
        return this.run(entry, "enquiry");
    }

    enquireDay(entry) {
        return this.open("SciEarlierDay", {
            terminalName: entry.name,
            choose: async (day) => {
                const found = await this.run(entry, "enquiry", {day});
                if (found) {
                    this.showReceipt(found);
                }
            },
        });
    }

    /** Closes the day at the bank: asked first, with what was settled before. */
    async settle(old) {
        // Another register may have settled it since.
        await this.tried(() => this.load());
        const entry = this.entryOf(old.terminal_id) || old;
        const {settled_at: at, name} = entry;
        const isSure = await ask(this.pos.dialog, {
            title: _t("Settle %s?", name),
            body:
                at && isToday(at)
                    ? _t("Already settled today at %s. Settle again?", clock(at))
                    : _t("This closes the day of this terminal at the bank."),
            confirmLabel: _t("Settle"),
            cancelLabel: _t("Discard"),
        });
        const person = isSure && (await this.identify());
        return person && this.run(entry, "settlement", person);
    }

    async identify() {
        const person = await identifyManager(
            this.pos,
            _t("Only a manager may settle.")
        );
        if (person?.error) {
            this.say(person.error);
            return null;
        }
        return person;
    }

    /** With pos_hr a manager comes with a PIN. */
    canSettle(isManager) {
        return usesEmployees(this.pos) || isManager;
    }

    /**
     * Sent once, whatever happens; the end is looked for.
     * @returns {Promise<Object|null>} the settlement as the server sees it
     */
    async run(entry, kind, {day = false, employeeId = null, pin = null} = {}) {
        const {terminal_id: terminalId} = entry;
        if (this.state.busy[terminalId]) {
            return null;
        }
        this.state.busy[terminalId] = true;
        try {
            return await this.tried(async () => {
                const args = [terminalId, kind, day, employeeId, pin];
                const id = await this.call("sci_settle", ...args);
                return this.follow(id);
            });
        } finally {
            this.state.busy[terminalId] = false;
            await this.tried(() => this.load());
        }
    }

    async follow(id) {
        let found = await this.call("sci_settlement", id);
        for (let look = 0; look < LOOKS && UNFINISHED.includes(found.status); look++) {
            await delay(LOOK_EVERY);
            found = await this.call("sci_settlement", id);
        }
        return found;
    }

    /** One that went on when nobody waited any more. */
    async check(entry) {
        await this.tried(() => this.call("sci_settlement", entry.tried.id));
        await this.tried(() => this.load());
    }

    /** @returns {Promise} what `work` gives; null where Odoo refuses or is not reached */
    async tried(work) {
        try {
            return await work();
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                this.say(
                    _t("Odoo did not answer. Check the connection and try again.")
                );
            } else if (error.data?.message) {
                this.say(error.data.message);
            } else {
                throw error;
            }
            return null;
        }
    }

    say(body) {
        this.pos.dialog.add(AlertDialog, {title: _t("Settlement"), body});
    }
}
