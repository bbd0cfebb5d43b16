// SPDX-License-Identifier: Apache-2.0
/** Alerts: rules from a file, judged by every aggregator, said by one of them to a webhook and the log. */
@NullMarked
package io.tacho.aggregator.alert;

import org.jspecify.annotations.NullMarked;
