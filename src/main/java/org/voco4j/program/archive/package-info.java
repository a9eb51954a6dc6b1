/** Archives of DICOM objects over DICOMweb (PS3.18): what a study holds, series to disk, results stored. */
@NullMarked
package org.voco4j.program.archive;

import org.jspecify.annotations.NullMarked;
