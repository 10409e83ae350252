import {describe, expect, test} from "@odoo/hoot";
import {fromMinorUnits, toMinorUnits} from "@pos_mx51_sci/app/request/minor_units";

describe("minor units", () => {
    test.tags("desktop");

    test("amounts become exact integers", () => {
        for (const [amount, decimals, minor] of [
            [12.5, 2, 1250],
            [19.99, 2, 1999],
            [0.29, 2, 29],
            [1.1, 2, 110],
            [4.35, 2, 435],
            [1234567.89, 2, 123456789],
            [0.1 + 0.2, 2, 30],
            [500, 0, 500],
            [1.234, 3, 1234],
            [0, 2, 0],
            [-0, 2, 0],
            [-12.5, 2, -1250],
        ]) {
            expect(Object.is(toMinorUnits(amount, decimals), minor)).toBe(true);
        }
    });

    test("every amount of cents survives the way there and back", () => {
        for (let minor = 0; minor <= 20000; minor++) {
            if (toMinorUnits(fromMinorUnits(minor, 2), 2) !== minor) {
                expect(minor).toBe("the same");
            }
        }
        expect(fromMinorUnits(1999, 2)).toBe(19.99);
        expect(fromMinorUnits(500, 0)).toBe(500);
    });

    test("for any currency's decimals, sums included", () => {
        let seed = 1;
        const next = (limit) => {
            seed = (seed * 48271) % 2147483647;
            return seed % limit;
        };
        for (let round = 0; round < 20000; round++) {
            const decimals = next(5);
            const [one, two] = [next(1e9), next(1e9)];
            const sum = fromMinorUnits(one, decimals) + fromMinorUnits(two, decimals);
            const rounded = Number(sum.toFixed(decimals));
            for (const [amount, minor] of [
                [fromMinorUnits(one, decimals), one],
                [-fromMinorUnits(two, decimals), -two],
                [rounded, one + two],
                [sum, one + two],
            ]) {
                if (toMinorUnits(amount, decimals) !== minor) {
                    expect([amount, decimals, minor]).toBe("the same");
                }
            }
        }
        expect(toMinorUnits(1.2345, 4)).toBe(12345);
    });

    test("what is no number of minor units is never sent", () => {
        for (const [amount, decimals] of [
            [12.505, 2],
            [0.5, 0],
            [NaN, 2],
            [Infinity, 2],
            [undefined, 2],
            [1e17, 2],
        ]) {
            expect(() => toMinorUnits(amount, decimals)).toThrow(RangeError);
        }
    });
});
