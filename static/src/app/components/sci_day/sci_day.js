import {clock, isToday} from "@pos_mx51_sci/app/display/moments";
import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatMinor} from "@pos_mx51_sci/app/request/amounts";
import {usePos} from "@point_of_sale/app/hooks/pos_hook";

/** Statuses of a settlement that has not ended. */
export const UNFINISHED = ["sending", "PENDING", "AWAITING_POS"];

function isUnknown(asked) {
    return asked.status === "unknown" || asked.financial_status === "UNKNOWN";
}

/**
 * What became of a settlement or an enquiry, in a sentence.
 * @param {Object} asked as `sci_settlement` shows it
 */
export function bankText(asked) {
    const at = clock(asked.at);
    const isSettlement = asked.kind === "settlement";
    if (UNFINISHED.includes(asked.status)) {
        return isSettlement ? _t("Settling since %s…", at) : _t("Asked at %s…", at);
    }
    if (asked.financial_status === "APPROVED") {
        return isSettlement ? _t("Settled at %s", at) : _t("Enquiry at %s", at);
    }
    if (isUnknown(asked)) {
        return isSettlement
            ? _t("No answer to the settlement of %s. Look at the terminal.", at)
            : _t("No answer to the enquiry of %s.", at);
    }
    const why = {time: at, reason: asked.message};
    return isSettlement
        ? _t("Not settled at %(time)s: %(reason)s", why)
        : _t("No totals at %(time)s: %(reason)s", why);
}

/** What one terminal has taken, counted by the server, and what the bank says. */
export class SciDay extends Component {
    static template = "pos_mx51_sci.SciDay";
    static props = {
        entry: Object,
        isBusy: Boolean,
        canSettle: Boolean,
        showRows: Function,
        showReceipt: Function,
        settle: Function,
        enquire: Function,
        enquireDay: Function,
        check: Function,
    };

    setup() {
        this.pos = usePos();
    }

    get labels() {
        return {
            purchase: _t("Purchases"),
            moto: _t("Mail or phone orders"),
            refund: _t("Refunds"),
            cashout: _t("Cash-out"),
            tip: _t("Tips"),
            surcharge: _t("Surcharge"),
            total: _t("Total"),
        };
    }

    get bankTotals() {
        return this.props.entry.bank?.totals || false;
    }

    /** The bank's day of this terminal has other payments than this session. */
    get hasOtherPayments() {
        const {session, expected} = this.props.entry;
        return JSON.stringify(session) !== JSON.stringify(expected);
    }

    get columns() {
        const {is_since_settled, since} = this.props.entry;
        return [
            {scope: "session", title: _t("This session"), of: this.props.entry.session},
            this.hasOtherPayments && {
                scope: "expected",
                title: is_since_settled
                    ? _t("Bank's day")
                    : _t("Since %s", clock(since)),
                of: this.props.entry.expected,
            },
        ].filter(Boolean);
    }

    /** More than a phone has room for beside the numbers of payments. */
    get isWide() {
        return this.columns.length > 1 || Boolean(this.bankTotals);
    }

    /** Names with something to show, the total always. */
    get names() {
        const sources = [...this.columns.map((column) => column.of), this.bankTotals];
        return Object.keys(this.labels).filter(
            (name) =>
                name === "total" ||
                sources.some((source) => source && source[name]?.[1])
        );
    }

    weight(name) {
        return name === "total" ? "fw-bold" : "fw-normal";
    }

    amount(name, minor) {
        return formatMinor(name === "refund" ? -minor : minor, this.pos);
    }

    showRows({scope, of}, name) {
        const number = this.amount(name, of[name][1]);
        this.props.showRows(scope, name, `${this.labels[name]} · ${number}`);
    }

    showUnresolved() {
        this.props.showRows("session", "unresolved", _t("Without a result"));
    }

    showLater() {
        this.props.showRows("session", "later", _t("Not in the bank's totals"));
    }

    bankAmount(name) {
        const found = this.bankTotals[name];
        return found ? this.amount(name, found[1]) : "";
    }

    get difference() {
        return formatMinor(this.props.entry.difference, this.pos);
    }

    get isAtWork() {
        return UNFINISHED.includes(this.props.entry.tried?.status);
    }

    /** The last totals of the bank, and whatever was sent since then in vain. */
    get bankText() {
        const {bank, tried} = this.props.entry;
        if (bank) {
            return bankText(bank);
        }
        return tried ? "" : _t("The bank has not been asked yet.");
    }

    get triedText() {
        const {tried} = this.props.entry;
        return tried ? bankText(tried) : "";
    }

    /** What mx51 says meanwhile, or why its end is not known. */
    get triedReason() {
        const {tried} = this.props.entry;
        return tried && (this.isAtWork || isUnknown(tried)) ? tried.message : "";
    }

    /** Nobody has to wait for a settlement that was interrupted. */
    get untilText() {
        return this.isAtWork
            ? _t(
                  "If it has not ended by %s, you can ask again.",
                  clock(this.props.entry.tried.until)
              )
            : "";
    }

    get isUnreadable() {
        const {bank} = this.props.entry;
        return Boolean(bank?.receipt) && !bank.totals;
    }

    get sinceText() {
        const {is_since_settled, since} = this.props.entry;
        return is_since_settled ? _t("Since the settlement of %s", clock(since)) : "";
    }

    /** Said before somebody settles a second time. */
    get settledToday() {
        const {settled_at: at, bank} = this.props.entry;
        const isShown = bank && bank.kind === "settlement" && bank.at === at;
        return at && isToday(at) && !isShown
            ? _t("Already settled today at %s.", clock(at))
            : "";
    }
}
