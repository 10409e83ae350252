import {MOODS, moodOf} from "./moods";
import {RecentMap} from "@pos_mx51_sci/app/follow/recent_map";

/** Payments that are remembered; far more than a register has under way. */
const REMEMBERED = 50;

/** Odoo's sounds for the turns that a payment takes, where somebody is meant. */
export class SciSounds {
    /**
     * @param {Object} params
     * @param {Object} params.sound Odoo's sound effects
     * @param {(line: object) => boolean} params.isHere whether the cashier of this tab
     * is meant
     */
    constructor({sound, isHere}) {
        Object.assign(this, {sound, isHere});
        this.moods = new RecentMap(REMEMBERED);
    }

    /** Silent for what is seen first when it is over, as after a reload. */
    follow(line) {
        const {sci} = line.uiState;
        const mood = moodOf(sci);
        const last = this.moods.get(line.uuid);
        this.moods.set(line.uuid, mood);
        const isNews = last ? last !== mood : sci.phase !== "ended";
        if (isNews && MOODS[mood].sound && this.isHere(line)) {
            this.sound.play(MOODS[mood].sound);
        }
    }
}
