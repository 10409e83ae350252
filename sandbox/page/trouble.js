/**
 * Trouble on the way between the POS and mx51, for a person to try out.
 */
import {h} from "./dom.js";

const CREATE = {method: "POST", path: "/v1/transactions$"};
const POLL = {method: "GET", path: "min_version"};
const TROUBLES = [
    ["Lose the answer to the next payment", {...CREATE, action: "drop_after"}],
    ["Cut the connection of the next payment", {...CREATE, action: "drop_before"}],
    ["Answer the next payment with error 500", {...CREATE, action: "status"}],
    [
        "Answer the next payment 15 s late",
        {...CREATE, action: "delay_after", seconds: 15},
    ],
    ["Answer the next poll with an old version", {...POLL, action: "old_version"}],
    ["Answer the next poll with garbage", {...POLL, action: "garbage"}],
    ["Nothing reaches mx51 any more", {path: "/v1/", action: "drop_before", times: 0}],
];

export class Trouble {
    constructor(element) {
        this.select = element.querySelector("#trouble");
        this.end = element.querySelector("#trouble-end");
        this.select.append(
            h("option", {value: ""}, "choose…"),
            ...TROUBLES.map(([label], index) => h("option", {value: index}, label))
        );
        this.select.addEventListener("change", () => {
            if (this.select.value) {
                fetch("/control/faults", {
                    method: "POST",
                    body: JSON.stringify(TROUBLES[this.select.value][1]),
                });
            }
            this.select.value = "";
        });
        this.end.addEventListener("click", () =>
            fetch("/control/faults", {method: "DELETE"})
        );
    }

    /** Show how much trouble is waiting to happen. */
    update(faults) {
        this.end.hidden = !faults.length;
        this.end.textContent = `End ${faults.length} trouble${faults.length > 1 ? "s" : ""}`;
    }
}
