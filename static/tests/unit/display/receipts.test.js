import {Component, xml} from "@odoo/owl";
import {
    Deferred,
    advanceTime,
    animationFrame,
    beforeEach,
    describe,
    expect,
    test,
} from "@odoo/hoot";
import {mountWithCleanup, patchWithCleanup} from "@web/../tests/web_test_helpers";
import {PRINTER_LIMIT, printReceipt} from "@pos_mx51_sci/app/display/receipts";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {setupSciPos} from "../helpers/pos_setup";

definePosModels();

class Nothing extends Component {
    static template = xml`<div/>`;
    static props = [];
}

/** Milliseconds that Odoo waits for images at most. */
const IMAGES_LIMIT = 3000;

/** What Odoo prints of its own. */
class OrderReceipt extends Component {
    static template = xml`<div class="pos-receipt">ORDER</div>`;
    static props = [];
}

/** The same as an element, with an image that takes a moment. */
function orderReceipt() {
    const receipt = document.createElement("div");
    receipt.className = "pos-receipt";
    receipt.innerHTML = "ORDER<img src='/pos_mx51_sci/no_such_image.png'/>";
    return receipt;
}

/** Odoo's real services: nothing here stands in for its printer or its renderer. */
let services = null;

beforeEach(async () => {
    const {pos} = await setupSciPos();
    ({services} = pos.env);
    patchWithCleanup(console, {warn: () => undefined});
});

/** A turn ends with the clock, and the next test must not wait for it. */
async function endTurns() {
    for (let turn = 0; turn < 3; turn++) {
        await advanceTime(10);
    }
}

function useDevice(print) {
    services.hardware_proxy.printer = {printReceipt: print};
}

describe("with the browser", () => {
    test.tags("desktop");

    beforeEach(async () => {
        services.hardware_proxy.printer = null;
        await mountWithCleanup(Nothing);
        patchWithCleanup(window, {
            print: () =>
                expect.step(document.querySelector(".render-container").textContent),
        });
    });

    test("two receipts of one answer, each on its own page, and a third", async () => {
        const both = Promise.all([
            printReceipt(services, "MERCHANT"),
            printReceipt(services, "CUSTOMER"),
        ]);
        await advanceTime(10);
        await advanceTime(10);
        expect(await both).toEqual([true, true]);
        expect.verifySteps(["MERCHANT", "CUSTOMER"]);
        printReceipt(services, "AGAIN");
        await endTurns();
        expect.verifySteps(["AGAIN"]);
    });

    test("Odoo's receipt, whose images are not there yet, is not lost", async () => {
        services.printer.printHtml(orderReceipt(), {webPrintFallback: true});
        printReceipt(services, "MERCHANT");
        for (let limit = 0; limit < 3; limit++) {
            await advanceTime(IMAGES_LIMIT);
        }
        expect.verifySteps(["ORDER", "MERCHANT"]);
        await endTurns();
    });

    test("Odoo's renderer is free for Odoo's own receipts", async () => {
        printReceipt(services, "MERCHANT");
        services.printer.print(OrderReceipt, {}, {webPrintFallback: true});
        printReceipt(services, "CUSTOMER");
        for (let frame = 0; frame < 5; frame++) {
            await animationFrame();
            await advanceTime(10);
        }
        expect.verifySteps(["MERCHANT", "CUSTOMER", "ORDER"]);
        await endTurns();
    });

    test("columns stay as the terminal has laid them out", async () => {
        patchWithCleanup(window, {
            print: () =>
                expect.step(document.querySelector(".render-container pre").innerHTML),
        });
        printReceipt(services, "TOTAL   <b>1</b>");
        await endTurns();
        expect.verifySteps(["TOTAL   &lt;b&gt;1&lt;/b&gt;"]);
    });
});

describe("with a receipt printer", () => {
    test.tags("desktop");

    test("one after the other, Odoo's own as well", async () => {
        const jobs = [];
        useDevice((receipt) => {
            expect.step(receipt.textContent.trim());
            jobs.push(new Deferred());
            return jobs.at(-1);
        });
        printReceipt(services, "MERCHANT");
        services.printer.printHtml(orderReceipt());
        printReceipt(services, "CUSTOMER");
        await advanceTime(10);
        expect.verifySteps(["MERCHANT"]);
        jobs[0].resolve({successful: true});
        await advanceTime(10);
        expect.verifySteps(["ORDER"]);
        jobs[1].resolve({successful: true});
        await advanceTime(10);
        expect.verifySteps(["CUSTOMER"]);
        jobs[2].resolve({successful: true});
        await endTurns();
    });

    test("in a tab that is not shown, while Odoo's renderer waits", async () => {
        useDevice((receipt) => {
            expect.step(receipt.textContent.trim());
            return {successful: true};
        });
        services.printer.print(OrderReceipt, {});
        await advanceTime(10);
        printReceipt(services, "MERCHANT");
        await endTurns();
        expect.verifySteps(["MERCHANT"]);
    });

    test("one that never answers: said, and the next receipt is tried", async () => {
        useDevice((receipt) => {
            expect.step(receipt.textContent.trim());
            return new Deferred();
        });
        patchWithCleanup(services.notification, {
            add: (text) => expect.step(`${text}`),
        });
        const both = Promise.all([
            printReceipt(services, "MERCHANT"),
            printReceipt(services, "CUSTOMER"),
        ]);
        await advanceTime(10);
        await advanceTime(PRINTER_LIMIT);
        await advanceTime(10);
        const said = "The printer does not answer. The receipt can be printed again.";
        expect.verifySteps(["MERCHANT", said, "CUSTOMER"]);
        await advanceTime(PRINTER_LIMIT);
        await advanceTime(10);
        expect(await both).toEqual([true, true]);
        expect.verifySteps([said]);
        await endTurns();
    });

    test("one that fails: the question to print again, and nothing waits", async () => {
        await mountWithCleanup(Nothing);
        useDevice(() => ({successful: false, message: {title: "No paper", body: ""}}));
        const printed = printReceipt(services, "MERCHANT");
        await endTurns();
        expect(await printed).toBe(true);
        await animationFrame();
        expect(".modal").toHaveText(/No paper/);
    });
});
