import {
    chargedAmounts,
    requestedAmounts,
    signedTotal,
    surchargeOf,
    withoutSurcharge,
} from "@pos_mx51_sci/app/request/amounts";
import {describe, expect, test} from "@odoo/hoot";

describe("what is asked for", () => {
    const ASKED = {
        purchase: {purchase_amount: 5000},
        moto: {moto_amount: 5000},
        cashout: {cashout_amount: 5000},
        refund: {refund_amount: 5000},
    };

    for (const [kind, amounts] of Object.entries(ASKED)) {
        test(`${kind}: all of the line in one field`, () => {
            expect(requestedAmounts({kind, total: 5000})).toEqual(amounts);
        });
    }

    test("purchase with cash-out: two fields that make up the line", () => {
        const kind = "purchase_with_cashout";
        expect(requestedAmounts({kind, total: 5000, cashout: 2000})).toEqual({
            purchase_amount: 3000,
            cashout_amount: 2000,
        });
    });

    const SURCHARGED = {
        purchase: 75,
        moto: 75,
        purchase_with_cashout: 45,
        cashout: undefined,
        refund: undefined,
    };

    for (const [kind, surcharge] of Object.entries(SURCHARGED)) {
        test(`${kind}: the shop's surcharge is ${surcharge || "not asked for"}`, () => {
            const request = {kind, total: 5000, cashout: 2000, rate: 1.5};
            expect(requestedAmounts(request).surcharge_amount).toBe(surcharge);
        });
    }

    test("a surcharge that rounds to nothing is left out", () => {
        const amounts = requestedAmounts({kind: "purchase", total: 3, rate: 1.5});
        expect(amounts).toEqual({purchase_amount: 3});
    });
});

describe("a surcharge", () => {
    const CASES = [
        [1000, 1.5, 15],
        [100, 1.5, 2],
        [1033, 1.5, 15],
        [99, 0.5, 0],
        [100, 0.5, 1],
        [335, 1.15, 4],
        [10000, 0.07, 7],
        [1250, 0, 0],
        [1250, undefined, 0],
        [9999999999, 20, 2000000000],
    ];

    for (const [minor, rate, expected] of CASES) {
        test(`of ${rate} % on ${minor} is ${expected}, halves rounded up`, () => {
            expect(surchargeOf(minor, rate)).toBe(expected);
        });
    }
});

describe("what a row is worth", () => {
    const amounts = {purchase_amount: 1000, surcharge_amount: 15};
    const result = {purchase_amount: 1000, tip_amount: 200, refund_amount: 0};

    test("approved: what the bank says, also when it is less", () => {
        const view = {financial_status: "APPROVED", amounts, result_amounts: result};
        expect(chargedAmounts(view)).toBe(result);
    });

    test("approved without amounts: what was asked for", () => {
        for (const nothing of [false, null, {}]) {
            const view = {
                financial_status: "APPROVED",
                amounts,
                result_amounts: nothing,
            };
            expect(chargedAmounts(view)).toBe(amounts);
        }
    });

    test("a person stated the outcome: what was requested", () => {
        const view = {financial_status: "UNKNOWN", amounts, result_amounts: result};
        expect(chargedAmounts(view)).toBe(amounts);
    });

    test("in all: a refund counts against the shop", () => {
        expect(signedTotal(result)).toBe(1200);
        expect(signedTotal({refund_amount: 500})).toBe(-500);
        expect(signedTotal({})).toBe(0);
        expect(signedTotal(false)).toBe(0);
    });

    test("a surcharge is no part of the line before the end, a tip asked for is", () => {
        const asked = {purchase_amount: 1000, tip_amount: 5};
        expect(withoutSurcharge({...asked, surcharge_amount: 20})).toEqual(asked);
        expect(withoutSurcharge(false)).toEqual({});
    });
});
