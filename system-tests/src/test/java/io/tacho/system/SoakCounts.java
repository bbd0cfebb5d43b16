// SPDX-License-Identifier: Apache-2.0
package io.tacho.system;

import java.util.Random;

/** Events of a soak that the history must contain, each kind from separate sources. */
record SoakCounts(int published, int apiRequests, int clientRequests) {

    static final SoakCounts NONE = new SoakCounts(0, 0, 0);

    static SoakCounts some(Random random) {
        return new SoakCounts(random.nextInt(100), random.nextInt(100), random.nextInt(100));
    }

    SoakCounts plus(SoakCounts more) {
        return new SoakCounts(
                published + more.published, apiRequests + more.apiRequests, clientRequests + more.clientRequests);
    }
}
