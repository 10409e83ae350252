import {
    Backoff,
    NO_ANSWER_PAUSE,
    REFUSED_PAUSE,
} from "@pos_mx51_sci/app/follow/backoff";
import {NoAnswer, Refused} from "@pos_mx51_sci/app/follow/sci_transport";
import {advanceTime, describe, expect, test} from "@odoo/hoot";
import {Pause} from "@pos_mx51_sci/app/follow/pause";
import {RecentMap} from "@pos_mx51_sci/app/follow/recent_map";
import {flushPromises, stopClock} from "../helpers/time";

function pauses(backoff, errors) {
    return errors.map((error) => backoff.after(error));
}

describe("pauses between requests", () => {
    test.tags("desktop");

    test("double up to two seconds while nothing is answered", () => {
        const errors = new Array(6).fill(new NoAnswer());
        const {first, longest} = NO_ANSWER_PAUSE;
        expect(pauses(new Backoff(), errors)).toEqual([
            first,
            400,
            800,
            1600,
            longest,
            longest,
        ]);
    });

    test("double up to a minute while Odoo refuses", () => {
        const errors = new Array(7).fill(new Refused("No."));
        const {first, longest} = REFUSED_PAUSE;
        expect(pauses(new Backoff(), errors)).toEqual([
            first,
            4000,
            8000,
            16000,
            32000,
            longest,
            longest,
        ]);
    });

    test("start again when the failure is of the other kind, or after an answer", () => {
        const backoff = new Backoff();
        const errors = [new NoAnswer(), new NoAnswer(), new Refused(), new NoAnswer()];
        expect(pauses(backoff, errors)).toEqual([200, 400, 2000, 200]);
        backoff.after(new NoAnswer());
        backoff.reset();
        expect(backoff.after(new NoAnswer())).toBe(200);
    });

    test("can be cut short, all that run at once", async () => {
        stopClock();
        const pause = new Pause();
        pause.end();
        pause.wait(60000).then(() => expect.step("one"));
        pause.wait(60000).then(() => expect.step("other"));
        await advanceTime(1000);
        expect.verifySteps([]);
        pause.end();
        await flushPromises();
        expect.verifySteps(["one", "other"]);
    });
});

test.tags("desktop");
test("a map of recent entries drops the one that was set first", () => {
    const map = new RecentMap(2);
    map.set("a", 1).set("b", 2).set("a", 3).set("c", 4);
    expect([...map]).toEqual([
        ["a", 3],
        ["c", 4],
    ]);
});
