/** Files that are whole or absent, and sentences for what goes wrong with them: the one package that every other may use. */
@NullMarked
package org.voco4j.file;

import org.jspecify.annotations.NullMarked;
