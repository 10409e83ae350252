import {Deferred, describe, expect, test, tick} from "@odoo/hoot";
import {PrinterService} from "@point_of_sale/app/services/printer_service";
import {patchWithCleanup} from "@web/../tests/web_test_helpers";
import {printReceipt} from "@pos_mx51_sci/app/display/receipts";

describe("printing receipts", () => {
    test.tags("desktop");

    test("one after the other: Odoo's renderer holds one at a time", async () => {
        const drawn = [];
        patchWithCleanup(PrinterService.prototype, {
            printHtml: (html) => expect.step(`printed ${html}`),
        });
        const services = {
            printer: {setPrinter: () => undefined},
            hardware_proxy: {printer: null},
            renderer: {
                toHtml(_component, {text}) {
                    expect.step(`drawing ${text}`);
                    const html = new Deferred();
                    drawn.push(() => html.resolve(text));
                    return html;
                },
            },
        };
        const both = Promise.all([
            printReceipt(services, "MERCHANT"),
            printReceipt(services, "CUSTOMER"),
        ]);
        await tick();
        expect.verifySteps(["drawing MERCHANT"]);
        drawn[0]();
        await tick();
        expect.verifySteps(["printed MERCHANT", "drawing CUSTOMER"]);
        drawn[1]();
        expect(await both).toEqual([true, true]);
        expect.verifySteps(["printed CUSTOMER"]);
    });
});
