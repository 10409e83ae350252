import {Mutex} from "@web/core/utils/concurrency";
import {PrinterService} from "@point_of_sale/app/services/printer_service";
import {RetryPrintPopup} from "@point_of_sale/app/components/popups/retry_print_popup/retry_print_popup";
import {SciReceipt} from "@pos_mx51_sci/app/components/sci_receipt/sci_receipt";

async function print(services, printer, receipt) {
    // The base class's method on purpose: that of PosPrinterService closes every
    // dialog when a printer fails, the dialog of the card payment with them.
    const {printHtml} = PrinterService.prototype;
    try {
        await printHtml.call(printer, receipt, {webPrintFallback: true});
    } catch (error) {
        console.warn("Receipt of a card payment:", error);
        services.dialog.add(RetryPrintPopup, {
            title: error.title,
            message: error.body,
            canRetry: error.canRetry,
            retry: () => print(services, printer, receipt),
            download: () => printer.printWeb(receipt),
        });
    }
}

/** Odoo's renderer holds one thing at a time: a second receipt waits for the first. */
const printing = new Mutex();

/**
 * Prints a terminal's receipt on the receipt printer, or with the browser where there
 * is none. When a printer fails, the question to print again comes on top of the open
 * dialogs.
 * @param {Object} services of the POS's environment
 * @param {string|false} text laid out for a roll
 * @returns {Promise<boolean>} whether there was something to print
 */
export async function printReceipt(services, text) {
    if (!text) {
        console.warn("There is no such receipt of this card payment.");
        return false;
    }
    const {printer, renderer, hardware_proxy: hardware} = services;
    await printing.exec(async () => {
        printer.setPrinter(hardware.printer);
        const receipt = await renderer.toHtml(SciReceipt, {text});
        await print(services, printer, receipt);
    });
    return true;
}
