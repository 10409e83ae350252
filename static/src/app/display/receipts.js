import {Deferred, Mutex, delay} from "@web/core/utils/concurrency";
import {PrinterService} from "@point_of_sale/app/services/printer_service";
import {RetryPrintPopup} from "@point_of_sale/app/components/popups/retry_print_popup/retry_print_popup";
import {_t} from "@web/core/l10n/translation";
import {renderToElement} from "@web/core/utils/render";
import {waitImages} from "@point_of_sale/utils";

/** Milliseconds that a printer may keep the next receipt waiting. */
export const PRINTER_LIMIT = 20000;

/** The page has one place for what is printed. */
const printing = new Mutex();

/**
 * Prints when the page's place is free. What does not end, as in a tab that is not
 * shown, gives it up after a while.
 * @param {() => any} work prints
 * @returns {{printed: Promise, turn: Promise}} what `work` returns, and the end of its
 * turn, which always comes
 */
export function printInTurn(work) {
    const printed = new Deferred();
    const turn = printing.exec(async () => {
        // A receipt of Odoo's is printed by the browser once its images are there.
        const place = document.querySelector(".render-container");
        await (place && waitImages(place));
        printed.resolve(Promise.resolve().then(work));
        await Promise.race([printed.catch(() => undefined), delay(PRINTER_LIMIT)]);
        await delay(0);
    });
    return {printed, turn};
}

async function print(services, printer, receipt) {
    // The base class's method on purpose: that of PosPrinterService closes every
    // dialog when a printer fails, the dialog of the card payment with them.
    const {printHtml} = PrinterService.prototype;
    const unanswered = setTimeout(
        () =>
            services.notification.add(
                _t("The printer does not answer. The receipt can be printed again."),
                {type: "warning"}
            ),
        PRINTER_LIMIT
    );
    try {
        await printHtml.call(printer, receipt, {webPrintFallback: true});
    } catch (error) {
        console.warn("Receipt of a card payment:", error);
        services.dialog.add(RetryPrintPopup, {
            title: error.title,
            message: error.body,
            canRetry: error.canRetry ?? true,
            retry: () => printInTurn(() => print(services, printer, receipt)),
            download: () => printer.printWeb(receipt),
        });
    } finally {
        clearTimeout(unanswered);
    }
}

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
    await printInTurn(() => {
        printer.setPrinter(hardware.printer);
        // Not by Odoo's renderer: it draws one thing at a time and only in a tab that
        // is shown; whoever asks for a second one meanwhile waits for ever.
        const receipt = renderToElement("pos_mx51_sci.SciReceipt", {text});
        return print(services, printer, receipt);
    }).turn;
    return true;
}
