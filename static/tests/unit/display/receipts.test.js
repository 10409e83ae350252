import {
    Deferred,
    advanceTime,
    animationFrame,
    describe,
    expect,
    test,
} from "@odoo/hoot";
import {PrinterService} from "@point_of_sale/app/services/printer_service";
import {patchWithCleanup} from "@web/../tests/web_test_helpers";
import {printReceipt} from "@pos_mx51_sci/app/display/receipts";

const services = {
    printer: {setPrinter: () => undefined},
    hardware_proxy: {printer: null},
};

describe("printing receipts", () => {
    test.tags("desktop");

    test("one after the other: a browser prints what is on the page", async () => {
        const printed = [];
        patchWithCleanup(PrinterService.prototype, {
            printHtml(receipt) {
                expect.step(receipt.textContent.trim());
                const done = new Deferred();
                printed.push(done);
                return done;
            },
        });
        const both = Promise.all([
            printReceipt(services, "MERCHANT"),
            printReceipt(services, "CUSTOMER"),
        ]);
        await animationFrame();
        expect.verifySteps(["MERCHANT"]);
        printed[0].resolve();
        await advanceTime(10);
        expect.verifySteps(["CUSTOMER"]);
        printed[1].resolve();
        await advanceTime(10);
        expect(await both).toEqual([true, true]);
    });

    test("a printer that never answers does not stop the next receipt", async () => {
        patchWithCleanup(PrinterService.prototype, {
            printHtml(receipt) {
                expect.step(receipt.textContent.trim());
                return new Deferred();
            },
        });
        const both = Promise.all([
            printReceipt(services, "MERCHANT"),
            printReceipt(services, "CUSTOMER"),
        ]);
        await animationFrame();
        expect.verifySteps(["MERCHANT"]);
        await advanceTime(20000);
        await advanceTime(10);
        expect.verifySteps(["CUSTOMER"]);
        await advanceTime(20000);
        await advanceTime(10);
        expect(await both).toEqual([true, true]);
    });

    test("columns stay as the terminal has laid them out", async () => {
        patchWithCleanup(PrinterService.prototype, {
            printHtml: (receipt) => expect.step(receipt.querySelector("pre").innerHTML),
        });
        printReceipt(services, "TOTAL   <b>1</b>");
        await advanceTime(10);
        expect.verifySteps(["TOTAL   &lt;b&gt;1&lt;/b&gt;"]);
    });
});
