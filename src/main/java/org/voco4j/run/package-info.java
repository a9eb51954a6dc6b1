/** What every run has: folder, record, log, metrics, checkpoints, pace and memory plan. */
@NullMarked
package org.voco4j.run;

import org.jspecify.annotations.NullMarked;
