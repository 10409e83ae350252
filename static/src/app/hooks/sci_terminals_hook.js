import {usePos} from "@point_of_sale/app/hooks/pos_hook";
import {useState} from "@odoo/owl";

/** @returns {SciTerminals} the terminals; the component is drawn again when they change */
export function useSciTerminals() {
    return useState(usePos().sci.terminals);
}
