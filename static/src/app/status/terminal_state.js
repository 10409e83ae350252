import {deserializeDateTime, formatDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";

/** @param {String} moment as Odoo sends it; of another day the date is said too */
function timeOf(moment) {
    const then = deserializeDateTime(moment);
    const time = then.toFormat("HH:mm");
    const isToday = then.hasSame(luxon.DateTime.now(), "day");
    return isToday ? time : `${formatDate(then)} ${time}`;
}

function busyText({busy, doing}, register) {
    const totals = {
        settlement: _t("closing the day at the bank"),
        enquiry: _t("reading its totals"),
        pairing: _t("being paired or unpaired"),
    };
    if (!busy) {
        return totals[doing] || "";
    }
    if (busy !== register) {
        return _t("busy: %s", busy);
    }
    return doing === "refund" ? _t("paying a refund") : _t("taking a payment");
}

/**
 * What people see of a terminal: never more than a hint, no payment is stopped by it.
 * @param {Object|undefined} terminal see SciTerminals
 * @param {String} register name of this register
 * @returns {{key: string, icon: string, tone: string, text: string}} `icon` of Font
 * Awesome, `tone` one of Bootstrap's colours
 */
export function terminalState(terminal, register) {
    const {
        state,
        is_of_other_database: isCopy,
        not_connected_since: lostSince,
    } = terminal || {};
    if (!terminal) {
        const text = _t("no terminal");
        return {key: "none", icon: "fa-question-circle", tone: "muted", text};
    }
    if (state === "unpaired") {
        const text = _t("not paired");
        return {key: "unpaired", icon: "fa-chain-broken", tone: "danger", text};
    }
    if (isCopy) {
        const text = _t("copy of the database");
        return {key: "copy", icon: "fa-files-o", tone: "danger", text};
    }
    if (state === "confirming") {
        const text = _t("pairing not finished");
        return {key: "confirming", icon: "fa-clock-o", tone: "warning", text};
    }
    if (lostSince) {
        const text = _t("not connected since %s", timeOf(lostSince));
        return {key: "lost", icon: "fa-plug", tone: "danger", text};
    }
    const busy = busyText(terminal, register);
    return busy
        ? {key: "busy", icon: "fa-clock-o", tone: "warning", text: busy}
        : {
              key: "paired",
              icon: "fa-check-circle",
              tone: "success",
              text: _t("paired"),
          };
}
