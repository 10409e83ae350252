import {Mutex, delay} from "@web/core/utils/concurrency";
import {PrinterService} from "@point_of_sale/app/services/printer_service";
import {RetryPrintPopup} from "@point_of_sale/app/components/popups/retry_print_popup/retry_print_popup";
import {renderToElement} from "@web/core/utils/render";

/** Milliseconds that a printer may keep the next receipt waiting. */
const PRINTER_LIMIT = 20000;

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

/** A browser prints what is on the page: a second receipt waits for the first. */
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
    const {printer, hardware_proxy: hardware} = services;
    await printing.exec(async () => {
        printer.setPrinter(hardware.printer);
        // Not by Odoo's renderer: it draws one thing at a time and only in a tab that
        // is shown; whoever asks for a second one meanwhile waits for ever.
        const receipt = renderToElement("pos_mx51_sci.SciReceipt", {text});
        await Promise.race([print(services, printer, receipt), delay(PRINTER_LIMIT)]);
        await delay(0);
    });
    return true;
}
