/** Swin-UNETR (Hatamizadeh et al. 2022; Tang et al. 2022) and UNETR (Hatamizadeh et al. 2022), as MONAI has them. */
@NullMarked
package org.voco4j.network.transformer;

import org.jspecify.annotations.NullMarked;
