// SPDX-License-Identifier: Apache-2.0
/**
 * Notifications about alerts: webhook, log, and the status for the API and the metrics.
 *
 * <p>Data flow: {@link io.tacho.aggregator.alert.notify.AlertService} runs {@code AlertEngine} once a second → rules are evaluated and alerts
 * stored by the package {@code evaluate} → alerts without a notification → {@code NotificationSender} → {@code Notification} → {@code
 * Webhook} → delivered alerts are stored as notified. New and resolved alerts go to {@code AlertLog}, everything to {@link
 * io.tacho.aggregator.alert.notify.LatestAlertSummary}.
 *
 * <p>Only the leader notifies, except about the aggregator itself.
 */
@NullMarked
package io.tacho.aggregator.alert.notify;

import org.jspecify.annotations.NullMarked;
