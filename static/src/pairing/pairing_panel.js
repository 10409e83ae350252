import {
    Component,
    onMounted,
    onWillStart,
    onWillUnmount,
    status,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {CopyButton} from "@web/core/copy_button/copy_button";
import {formatDateTime} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {ConnectionLostError, RPCError} from "@web/core/network/rpc";
import {useService} from "@web/core/utils/hooks";

const {DateTime} = luxon;

const MODEL = "pos.sci.terminal";

/** Milliseconds between two checks of a pairing that waits for the terminal. */
export const CHECK_AGAIN_AFTER = 4000;

/** @param {String | false} moment ISO 8601, in UTC */
function formatMoment(moment) {
    if (!moment) {
        return "";
    }
    const utc = DateTime.fromISO(moment.replace(" ", "T"), {zone: "utc"});
    return formatDateTime(utc.setZone("default"));
}

/** Odoo refused with a sentence for people (access rights, a user error). */
function isRefusal(error) {
    return (
        error instanceof RPCError &&
        Boolean(error.exceptionName?.startsWith("odoo.exceptions."))
    );
}

/** Turns a failed call to Odoo into a sentence; an unexpected error is thrown on. */
function explain(error) {
    if (error instanceof ConnectionLostError) {
        return {
            code: "no_odoo",
            message: _t("Please check network and terminal connections and try again"),
            hint: _t("Odoo did not answer. This screen will catch up."),
        };
    }
    if (isRefusal(error)) {
        return {code: "refused", message: error.data.message, hint: false};
    }
    throw error;
}

/**
 * The pairing of one EFTPOS terminal: shows it, makes it, tests it, ends it.
 *
 * It draws the pairing view that every pairing method of `pos.sci.terminal` returns,
 * and keeps nothing but what the person has typed. It is used in the back office and
 * in the POS, so it imports from web's core only.
 */
export class PairingPanel extends Component {
    static template = "pos_mx51_sci.PairingPanel";
    static components = {CopyButton};
    static props = {
        terminalId: Number,
        // Called with the view when Odoo has answered an action, whatever the answer
        onChanged: {type: Function, optional: true},
        // Whether to show keys for the code, where there may be no keyboard
        keypad: {type: Boolean, optional: true},
        // Calls a pairing method otherwise: `ask(orm, terminalId, method, args)`
        ask: {type: Function, optional: true},
    };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.root = useRef("root");
        // Pairing may go on in the old record of the same terminal
        this.terminalId = this.props.terminalId;
        this.state = useState({
            view: false,
            code: "",
            nickname: "",
            // What is being done: "pair", "test", "cancel", "unpair" or "forget"
            busy: false,
            checking: false,
            // `{code, message, hint}` or false
            error: false,
            note: "",
        });
        // Raised by each action: an older check must not overwrite its answer
        this.actions = 0;

        onWillStart(() => this.open());
        onMounted(() => this.check());
        onWillUnmount(() => browser.clearTimeout(this.timer));
        useEffect(
            () => this.focus(),
            () => [this.screen, this.state.busy, this.actions]
        );
    }

    // What is shown

    get view() {
        return this.state.view;
    }

    /** @returns {"unknown" | "unpaired" | "confirming" | "paired"} */
    get screen() {
        return this.view ? this.view.state : "unknown";
    }

    get isLost() {
        const code = this.state.error.code;
        return this.screen === "unpaired" && code === "no_active_pairings_found";
    }

    /** Tested before the pairing was confirmed on the terminal. */
    get isEarly() {
        return (
            this.screen === "confirming" && this.state.error.code === "not_confirmed"
        );
    }

    get isRefused() {
        return this.state.error.code === "refused";
    }

    /** Odoo itself did not answer; `no_answer` means the terminal service. */
    get isOffline() {
        return this.state.error.code === "no_odoo";
    }

    /** The problem to show: the API's text as given, then what to do next. */
    get problem() {
        const error = this.state.error;
        const isShownAlready =
            this.isEarly || (error && error.message === this.view.credentials_error);
        if (!error || isShownAlready) {
            return false;
        }
        const hint = this.isLost ? this.lostHint : error.hint;
        const isSilence = error.code === "no_answer" || this.isOffline;
        return {message: error.message, hint, isSilence};
    }

    get lostHint() {
        return _t(
            "The pairing was removed on the terminal. Start a new pairing on the " +
                "terminal and enter the code here."
        );
    }

    get confirmingText() {
        if (this.view.confirmed) {
            return _t("Confirmed on the terminal. Press Test pairing to finish.");
        }
        return this.isEarly
            ? _t("Not confirmed on the terminal yet.")
            : _t("Waiting for confirmation on the terminal.");
    }

    /** Read digit by digit, not as one number. */
    get spokenConfirmationCode() {
        return [...this.view.confirmation_code].join(" ");
    }

    /** What the paired screen lists under its pairing nickname and pairing id. */
    get details() {
        const view = this.view;
        const checked = this.state.checking
            ? _t("Checking now…")
            : formatMoment(view.last_checked_at);
        return [
            {label: _t("TID"), value: view.tid},
            {label: _t("Terminal Nickname"), value: view.terminal_nickname},
            {label: _t("Paired since"), value: formatMoment(view.paired_at)},
            {label: _t("Last checked"), value: checked},
            {label: _t("Registers"), value: view.registers.join(", ")},
            {label: _t("Payment methods"), value: view.payment_methods.join(", ")},
        ].filter(({value}) => value);
    }

    // What the person does

    onCodeInput(ev) {
        // A pasted code may carry blanks; leading zeros are part of it
        const code = ev.target.value.replace(/\s/g, "");
        if (code !== ev.target.value) {
            ev.target.value = code;
        }
        this.state.code = code;
    }

    get keys() {
        return ["1", "2", "3", "4", "5", "6", "7", "8", "9", "C", "0", "⌫"];
    }

    keyLabel(key) {
        const labels = {C: _t("Clear"), "⌫": _t("Delete the last digit")};
        return labels[key] || key;
    }

    pressKey(key) {
        const {code} = this.state;
        const changed = {C: "", "⌫": code.slice(0, -1)};
        this.state.code = changed[key] ?? code + key;
    }

    async pair() {
        if (!this.state.code) {
            this.state.error = {message: _t("Enter the code that the terminal shows.")};
            return this.focus();
        }
        const nickname = this.state.nickname.trim();
        await this.act("pair", "action_pair", [this.state.code, nickname || null]);
        if (this.screen !== "unpaired") {
            this.state.code = "";
        }
    }

    async test() {
        const before = this.screen;
        await this.act("test", "action_test");
        if (before === "paired" && this.screen === "paired" && !this.state.error) {
            this.state.note = _t("Tested: the pairing is active.");
        }
    }

    cancel() {
        return this.act("cancel", "action_cancel_pairing");
    }

    unpair() {
        this.ask(
            _t("Unpair this terminal?"),
            _t(
                "%s cannot take card payments until it is paired again.",
                this.view.name
            ),
            _t("Unpair"),
            () => this.act("unpair", "action_unpair")
        );
    }

    forget() {
        this.ask(
            _t("Forget this pairing here only?"),
            _t(
                "The terminal service could not be reached, so the terminal still shows " +
                    "as paired. Unpair it on the terminal as well."
            ),
            _t("Forget here only"),
            () => this.act("forget", "action_forget")
        );
    }

    ask(title, body, confirmLabel, confirm) {
        if (this.state.busy) {
            return;
        }
        this.dialog.add(ConfirmationDialog, {
            title,
            body,
            confirmLabel,
            confirmClass: "btn-danger",
            confirm: () => {
                // Not awaited: the dialog closes at once, the panel shows the work
                confirm();
            },
            cancel: () => true,
        });
    }

    // Requests to Odoo

    /** First what Odoo knows; the pairing check with mx51 follows. */
    async open() {
        try {
            this.show(await this.call("pairing_view"));
        } catch (error) {
            this.state.error = explain(error);
        }
    }

    /** One action at a time: a second press changes nothing. */
    async act(name, method, args = []) {
        if (this.state.busy) {
            return;
        }
        this.actions++;
        Object.assign(this.state, {busy: name, error: false, note: ""});
        try {
            this.show(await this.call(method, args));
        } catch (error) {
            this.state.error = explain(error);
            return;
        } finally {
            this.state.busy = false;
            this.checkLater();
        }
        await this.props.onChanged?.(this.view);
    }

    /**
     * Asks whether something happened on the terminal: when the panel opens, while the
     * pairing waits for its confirmation, and while Odoo cannot be reached. A refusal
     * of Odoo is shown and not asked for again.
     */
    async check() {
        const actions = this.actions;
        const before = this.screen;
        this.state.checking = before === "paired";
        try {
            const view = await this.call("check_pairing", [], true);
            if (actions === this.actions && !this.state.busy) {
                this.showCheck(view);
            }
        } catch (error) {
            if (actions === this.actions) {
                this.showFailedCheck(error);
            }
        } finally {
            this.state.checking = false;
            this.checkLater();
        }
        if (before !== "unknown" && this.screen !== before) {
            await this.props.onChanged?.(this.view);
        }
    }

    checkLater() {
        browser.clearTimeout(this.timer);
        const isWaiting =
            this.isOffline || (this.screen === "confirming" && !this.isRefused);
        if (isWaiting && status(this) !== "destroyed") {
            this.timer = browser.setTimeout(() => this.check(), CHECK_AGAIN_AFTER);
        }
    }

    show(view) {
        if (!this.view) {
            this.state.nickname = view.pairing_nickname || view.suggested_nickname;
        }
        this.terminalId = view.id || this.terminalId;
        this.state.view = view;
        this.state.error = view.error;
    }

    /** Once the pairing is shown, a failed check matters only if Odoo refuses it. */
    showFailedCheck(error) {
        if (!this.view || (this.screen === "confirming" && isRefusal(error))) {
            this.state.error = explain(error);
        }
    }

    /** While confirming, a check changes the text, and says why it cannot know. */
    showCheck(view) {
        const isSame = view.confirmation_code === this.view.confirmation_code;
        if (this.screen !== "confirming" || view.state !== "confirming" || !isSame) {
            return this.show(view);
        }
        this.view.confirmed = view.confirmed;
        if (view.error) {
            this.state.error = {...view.error, isOfCheck: true};
        } else if (this.isOffline || this.state.error.isOfCheck) {
            this.state.error = false;
        }
    }

    call(method, args = [], silent = false) {
        const orm = silent ? this.orm.silent : this.orm;
        const {ask} = this.props;
        return ask
            ? ask(orm, this.terminalId, method, args)
            : orm.call(MODEL, method, [[this.terminalId], ...args]);
    }

    /** On the code at first, then on what an action leads to. */
    focus() {
        if (this.state.busy || (!this.actions && this.screen !== "unpaired")) {
            return;
        }
        const target = this.root.el?.querySelector("[data-focus]");
        target?.focus();
        target?.select?.();
    }
}
