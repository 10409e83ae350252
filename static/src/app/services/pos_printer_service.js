import {PosPrinterService} from "@point_of_sale/app/services/pos_printer_service";
import {patch} from "@web/core/utils/patch";
import {printInTurn} from "@pos_mx51_sci/app/display/receipts";

export const posPrinterServicePatch = {
    /** Odoo clears the page's place for what is printed, whoever uses it. */
    printHtml() {
        return printInTurn(() => super.printHtml(...arguments)).printed;
    },
};

patch(PosPrinterService.prototype, posPrinterServicePatch);
