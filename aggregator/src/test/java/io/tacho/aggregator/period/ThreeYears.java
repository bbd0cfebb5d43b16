// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.period;

import org.junit.jupiter.api.Test;

/** Three years of 500 nodes and 200,000 users, with 1,000 kills; takes several minutes. See BENCHMARKS.md for the command. */
class ThreeYears {

    @Test
    void history_ofThreeYears_isExact() throws Exception {
        LongTermHistoryIT.simulate(
                Integer.getInteger("history.days", 1_096),
                500,
                200_000,
                Integer.getInteger("history.partitions", 1),
                Integer.getInteger("history.kills", 1_000),
                21_600,
                600);
    }
}
