// SPDX-License-Identifier: Apache-2.0
/**
 * Notifications about alerts: webhook, log, and the summary for the API and the metrics.
 *
 * <p>Data flow: {@code AlertService} runs {@code AlertEngine} once a second → the package {@code evaluate} evaluates the rules and
 * stores the alerts → pending alerts → {@code NotificationSender} → {@code Notification} → {@code Webhook} → the next evaluation
 * stores them as notified. {@code AlertLog} logs alerts that start or are resolved. {@code LatestAlertStatus} has the result for
 * {@code /alerts} and {@code /metrics}.
 *
 * <p>Terms:
 *
 * <ul>
 *   <li>State of an alert: firing or resolved. There is one notification about each of the two.
 *   <li>Pending: an alert whose state still has to be notified; silenced alerts are not pending.
 *   <li>Delivered: the webhook accepted a notification about the alert's state. Without a webhook every pending alert counts as
 *       delivered.
 *   <li>Notified: the alert store contains that the alert was delivered, so no other aggregator notifies it again.
 * </ul>
 *
 * <p>Only the leader notifies, except about the aggregator itself.
 */
@NullMarked
package io.tacho.aggregator.alert.notify;

import org.jspecify.annotations.NullMarked;
