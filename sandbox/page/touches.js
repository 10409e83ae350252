/**
 * What each touch on a terminal means.
 */

/** Touches that mean nothing outside of this page. */
export const LOCAL = {
    menu_pairings: (view) => (view.menu = "pairings"),
    menu_integration: (view) => (view.menu = "integration"),
    menu_settings: (view) => (view.menu = "settings"),
    menu_close: (view) => (view.menu = null),
    read_receipt: (view) => (view.reading = true),
    put_back: (view) => (view.reading = false),
    digit: (view, {key}) => {
        if (["tip", "cashout"].includes(view.terminal.screen)) {
            view.digits = `${view.digits}${key}`.replace(/^0+/, "").slice(0, 7);
        }
    },
    key_clear: (view) => {
        view.digits = "";
        view.menu = null;
    },
};

/** What the green key means on a screen. */
function ok(view, name) {
    if (name === "confirm_pairing") {
        return ["confirm", {}];
    }
    if (["tip", "cashout"].includes(name)) {
        return [name, {amount: Number(view.digits || 0)}];
    }
    return name === "result" ? ["cancel", {}] : [""];
}

/** The control call for a touch: its verb and its data. */
export function remote(view, action, data) {
    const {screen: name, power, online} = view.terminal;
    switch (action) {
        case "power":
            return ["power", {on: !power}];
        case "online":
            return ["online", {on: !online}];
        case "card": {
            const card = {outcome: data.outcome};
            return ["card", data.code ? {...card, response_code: data.code} : card];
        }
        case "amount":
            return [data.name, {amount: Number(data.cents)}];
        case "signature":
            return ["signature", {approved: data.approved === "yes"}];
        case "config":
            return ["config", {[data.name]: JSON.parse(data.value)}];
        case "unpair":
            return ["unpair", {pairing_id: data.pairing}];
        case "key_cancel":
            return ["cancel", {}];
        case "key_ok":
            return ok(view, name);
        default:
            return [action, {}];
    }
}
