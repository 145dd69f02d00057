"""Reflection: matt diffuse plus GGX microfacets with Smith's shadowing and Schlick's Fresnel.

Roughness is perceptual; GGX's alpha is its square. Over the last tenth before roughness 1 the specular share of what is
no metal fades to nothing, so roughness 1 is a Lambertian surface, exactly.
"""

from __future__ import annotations

import math

from simgen.kernels.inner import inner

#: reflectance of dielectrics at normal incidence (index 1.5)
DIELECTRIC = 0.04
#: smallest alpha: smoother surfaces would turn the sun into single glaring pixels
MIN_ALPHA = 0.02


@inner
def matt_fade(roughness: float, metallic: float) -> float:
    """Share of the specular part that is left: 1 up to roughness 0.9, the metal's share at 1."""
    return max(min((1.0 - roughness) * 10.0, 1.0), metallic)


@inner
def ggx_distribution(alpha: float, nh: float) -> float:
    """GGX (Trowbridge-Reitz) density of microfacet normals, 1/sr; Walter et al. 2007, eq. 33."""
    a2 = alpha * alpha
    d = nh * nh * (a2 - 1.0) + 1.0
    return a2 / (math.pi * d * d)


@inner
def smith_visibility(alpha: float, nl: float, nv: float) -> float:
    """Height-correlated Smith ``G2 / (4 nl nv)``; Heitz 2014, eq. 99."""
    a2 = alpha * alpha
    v = nl * math.sqrt(nv * nv * (1.0 - a2) + a2)
    w = nv * math.sqrt(nl * nl * (1.0 - a2) + a2)
    return 0.5 / max(v + w, 1e-9)


@inner
def schlick(f0: float, cosine: float) -> float:
    """Fresnel reflectance after Schlick 1994."""
    q = 1.0 - cosine
    return f0 + (1.0 - f0) * q * q * q * q * q


@inner
def ggx(alpha: float, nl: float, nv: float, nh: float) -> float:
    """Specular BRDF without its Fresnel factor, 1/sr."""
    return ggx_distribution(alpha, nh) * smith_visibility(alpha, nl, nv)


@inner
def sky_split(roughness: float, metallic: float, nv: float) -> tuple[float, float]:
    """Scale and bias of ``f0`` in the specular albedo under a uniform sky; Karis 2014's fit, fading to matt."""
    x, y = 1.0 - roughness, 0.0425 - 0.0275 * roughness
    z, w = 1.04 - 0.572 * roughness, 0.022 * roughness - 0.04
    a = min(x * x, math.exp(-6.4324 * nv)) * x + y
    fade = matt_fade(roughness, metallic)
    return fade * (z - 1.04 * a), fade * max(w + 1.04 * a, 0.0)
