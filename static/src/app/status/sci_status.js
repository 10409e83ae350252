import {identifyManager, usesEmployees} from "@pos_mx51_sci/app/request/manager";
import {AlertDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {_t} from "@web/core/l10n/translation";
import {openLazyDialog} from "@pos_mx51_sci/app/display/lazy_dialogs";

/** The panel behind the mark in the navbar, and what it asks of the server. */
export class SciStatus {
    /**
     * @param {Object} params
     * @param {Object} params.pos the POS store
     * @param {Object} params.terminals see SciTerminals
     */
    constructor({pos, terminals}) {
        Object.assign(this, {pos, terminals});
    }

    get orm() {
        return this.pos.data.orm.silent;
    }

    open() {
        return openLazyDialog(this.pos.env.services, "SciStatusPanel", {});
    }

    /** Who closes the day of terminals without a PIN; the server asks again. */
    get isManager() {
        const {pos, terminals} = this;
        const isEmployee = usesEmployees(pos) && pos.getCashier()._role !== "manager";
        return terminals.canPair && !isEmployee;
    }

    /**
     * Who looks after terminals. With pos_hr anybody may begin it: a manager's PIN is
     * asked for.
     */
    get mayManage() {
        return this.terminals.canPair || usesEmployees(this.pos);
    }

    /** The pairing of a terminal, in a dialog. */
    async openPairing(terminalId) {
        const {pos} = this;
        const text = _t("Only a manager may pair terminals.");
        const person = await identifyManager(pos, text);
        if (!person || person.error) {
            return person && this.refuse(person.error);
        }
        const {employeeId, pin} = person;
        const ask = (orm, id, method, args) => {
            const whose = [id, method, employeeId, pin];
            return orm.call("pos.config", "sci_pairing", [
                [pos.config.id],
                ...whose,
                ...args,
            ]);
        };
        const props = {terminalId};
        if (employeeId) {
            try {
                await ask(this.orm, terminalId, "pairing_view", []);
            } catch (error) {
                return this.refuse(error.data?.message || _t("Odoo did not answer."));
            }
            props.ask = ask;
        }
        const onClose = () => this.terminals.refresh();
        return openLazyDialog(pos.env.services, "PairingDialog", props, {onClose});
    }

    refuse(body) {
        this.pos.dialog.add(AlertDialog, {title: _t("EFTPOS terminal"), body});
    }

    /**
     * Makes a terminal this register's own.
     * @returns {Promise<string|undefined>} why not, undefined when it is done or the
     * manager changed their mind
     */
    async useTerminal(id) {
        const text = _t("Only a manager may change the terminal of a register.");
        const person = await identifyManager(this.pos, text);
        if (!person || person.error) {
            return person?.error;
        }
        const {employeeId, pin} = person;
        const args = [[this.pos.config.id], id, employeeId, pin];
        await this.orm.call("pos.config", "sci_use_terminal", args);
        await this.terminals.refresh();
        return undefined;
    }

    /**
     * The merchant's test: managers also finish a pairing with it.
     * @returns {Promise<object>} the pairing view
     */
    async test(id) {
        const method = this.isManager ? "action_test" : "check_pairing";
        const view = await this.orm.call("pos.sci.terminal", method, [[id]]);
        await this.terminals.refresh();
        return view;
    }

    /** @returns {Promise<object[]>} of this session, the newest first */
    readPayments() {
        return this.orm.call("pos.session", "sci_payments", [[this.pos.session.id]]);
    }

    /** @returns {Promise<number|undefined>} id of the last row that has a receipt */
    async findLastReceipt() {
        const [id] = await this.orm.search(
            "pos.sci.transaction",
            [
                ["config_id", "=", this.pos.config.id],
                "|",
                ["customer_receipt", "!=", false],
                ["merchant_receipt", "!=", false],
            ],
            {order: "id desc", limit: 1}
        );
        return id;
    }
}
