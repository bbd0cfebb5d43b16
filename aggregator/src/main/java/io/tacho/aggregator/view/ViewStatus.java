// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.view;

import java.time.Duration;

/**
 * Whether a view is ready (complete, and following the store) or stale (it may have missed changes for a known time). Derived from
 * the {@link SubscriptionState}.
 *
 * @param isReady whether the store is subscribed to, responds, and everything that it contained has been loaded
 * @param staleFor how long the view may have missed changes; zero while it is ready
 */
public record ViewStatus(boolean isReady, Duration staleFor) {

    static final ViewStatus READY = new ViewStatus(true, Duration.ZERO);
}
