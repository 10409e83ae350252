/**
 * One terminal on the counter: body, screen, keypad, paper, and the customer's
 * cards in front of it.
 */
import {button, h} from "./dom.js";
import {LOCAL, remote} from "./touches.js";
import {screen} from "./screens.js";
import {touch} from "./control.js";

/** outcome, response code, what is on the card, colour */
const CARDS = [
    ["approve", "", "Approves", "teal"],
    ["decline", "051", "No funds", "red"],
    ["decline", "055", "Wrong PIN", "plum"],
    ["signature", "", "Signature", "blue"],
    ["slow", "", "Slow", "gold"],
    ["unknown", "", "No result", "grey"],
];
const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];
const WANTS_CARD = ["present_card", "moto"];
const WAITS = ["present_card", "moto", "tip", "cashout"];

export class DeviceView {
    constructor(id) {
        this.id = id;
        const template = document.getElementById("device");
        this.element = template.content.firstElementChild.cloneNode(true);
        this.element.dataset.terminal = id;
        this.find = (selector) => this.element.querySelector(selector);
        this.menu = null;
        this.digits = "";
        this.reading = false;
        this.shown = {};
        this._buildKeypad();
        this._buildWallet();
        this.element.addEventListener("click", (ev) => this._onClick(ev));
    }

    /** Show the terminal as it is now; draws again only what is different. */
    update(terminal) {
        if (this.terminal?.screen !== terminal.screen) {
            this.menu = null;
            this.digits = "";
        }
        this.terminal = terminal;
        this._plate();
        this._once("screen", [terminal, this.menu, this.digits], () => {
            this.find(".screen").replaceChildren(...screen(terminal, this));
        });
        this._paper();
        this.element.dataset.screen = terminal.screen;
        const asks = WANTS_CARD.includes(terminal.screen);
        for (const card of this.element.querySelectorAll(".card")) {
            card.disabled = !asks;
        }
        this.find(".walk-away").disabled = !WAITS.includes(terminal.screen);
    }

    _once(part, facts, draw) {
        const now = JSON.stringify(facts);
        if (this.shown[part] !== now) {
            this.shown[part] = now;
            draw();
        }
    }

    _plate() {
        const {nickname, tid, paired, online, power} = this.terminal;
        this.find(".plate-name").textContent = nickname;
        this.find(".plate-tid").textContent = `TID ${tid}`;
        const state = this.find(".plate-state");
        state.textContent = paired ? "paired" : "not paired";
        state.classList.toggle("on", paired);
        this.find(".network").textContent = online ? "4G" : "✈";
        this.find(".clock").textContent = new Date().toLocaleTimeString("en-AU", {
            hour: "2-digit",
            minute: "2-digit",
            hour12: false,
        });
        this.find("[data-action=online]").classList.toggle("lit", !online);
        this.find("[data-action=power]").setAttribute("aria-pressed", power);
    }

    _paper() {
        const {slips} = this.terminal;
        this.reading = this.reading && slips.length > 0;
        const text = slips.map((slip) => slip.text).join("\n");
        this._once("paper", text, () => {
            const paper = this.find(".paper");
            this.find(".paper-text").textContent = text;
            this.find(".slip").textContent = text;
            paper.hidden = !text;
            // Played again, so that each new slip is seen coming out.
            for (const animation of paper.getAnimations()) {
                animation.cancel();
                animation.play();
            }
        });
        this.find(".slip-view").hidden = !this.reading;
    }

    _buildKeypad() {
        const key = (label, action, classes) =>
            button(label, action, `.key${classes}`, {key: label});
        this.find(".keypad").append(
            ...KEYS.map((digit) => key(digit, "digit", "")),
            h("span.key.blank"),
            key("0", "digit", ""),
            h("span.key.blank"),
            button("Cancel", "key_cancel", ".key.red"),
            button("Clear", "key_clear", ".key.yellow"),
            button("OK", "key_ok", ".key.green")
        );
    }

    _buildWallet() {
        const cards = CARDS.map(([outcome, code, label, colour]) => {
            const card = button("", "card", `.card.${colour}`, {outcome, code});
            card.append(h("span.chip"), h("span.card-name", {}, label));
            card.append(h("span.card-code", {}, code || "•• 42"));
            return card;
        });
        this.find(".wallet").append(
            h("div.cards", {}, ...cards),
            button("Walk away", "walk_away", ".walk-away.quiet")
        );
    }

    async _onClick(ev) {
        const target = ev.target.closest("[data-action]");
        if (!target || target.disabled) {
            return;
        }
        const {action, ...data} = target.dataset;
        // The red key leaves an open menu before it cancels anything.
        const leaves = action === "key_cancel" && this.menu;
        const local = LOCAL[leaves ? "menu_close" : action];
        if (local) {
            local(this, data);
            this.update(this.terminal);
            return;
        }
        const [verb, body] = remote(this, action, data);
        if (verb === "card") {
            target.classList.add("tapped");
            setTimeout(() => target.classList.remove("tapped"), 700);
        }
        const refusal = verb && (await touch(this.id, verb, body));
        if (refusal) {
            this.find(".glass").dataset.refusal = refusal;
            setTimeout(() => delete this.find(".glass").dataset.refusal, 2000);
        }
    }
}
