/** The process that a command runs in: its user's folders, its locale, and how it is started once more. */
@NullMarked
package org.voco4j.app.process;

import org.jspecify.annotations.NullMarked;
