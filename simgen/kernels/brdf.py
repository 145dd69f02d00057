"""Reflection: matt diffuse plus GGX microfacets with Smith's shadowing and Schlick's Fresnel; coats, panes, sheeting.

Roughness is perceptual; GGX's alpha is its square. Over the last tenth before roughness 1 the specular share of what is
no metal fades to nothing, so roughness 1 is a Lambertian surface, exactly. A surface that is partly metal is a mixture:
that share of metal, the rest dielectric. Light that microfacets pass to one another is not lost: the lobe is scaled by
``gain`` (Turquin, "Practical multiple scattering compensation for microfacet models", 2019), and what a dielectric or a
coat mirrors is missing below it, so a white surface of any kind disappears in an even light.
"""

from __future__ import annotations

import math

import numpy as np

from simgen.kernels.inner import inner
from simgen.kernels.lobe_table import LOBES, SIDE

#: reflectance of dielectrics at normal incidence (index 1.5)
DIELECTRIC = 0.04
#: smallest alpha: smoother surfaces would turn the sun into single glaring pixels
MIN_ALPHA = 0.02
#: width of the beam that retro-reflective sheeting sends back, rad. With it a share of 0.2 gives 390 cd/(lx m2) at an
#: observation angle of 0.2 degrees and 180 at 0.5, as microprismatic sheeting has (ASTM D4956, types VIII and IX)
SHEETING_WIDTH = 0.007

_SIDE, _STEPS = SIDE, SIDE - 1
_ONE, _NEXT = np.uint64(1), np.uint64(SIDE)


@inner
def matt_fade(roughness: float) -> float:
    """Share of a dielectric's specular part that is left: 1 up to roughness 0.9, 0 at 1."""
    return max(min((1.0 - roughness) * 10.0, 1.0), 0.0)


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
def _look(layer: int, roughness: float, nv: float) -> float:
    """A value of the lobes' table between its nodes."""
    s, t = roughness * _STEPS, math.sqrt(nv) * _STEPS
    i, j = min(int(s), _STEPS - 1), min(int(t), _STEPS - 1)
    s, t = s - i, t - j
    # unsigned, or each load would test for an index that counts from the end
    at = np.uint64((layer * _SIDE + i) * _SIDE + j)
    a = LOBES[at] + t * (LOBES[at + _ONE] - LOBES[at])
    b = LOBES[at + _NEXT] + t * (LOBES[at + _NEXT + _ONE] - LOBES[at + _NEXT])
    return float(a + s * (b - a))


@inner
def split(roughness: float, nv: float) -> tuple[float, float]:
    """Scale and bias of ``f0`` in the specular albedo for a roughness and a cosine to the eye, both 0 to 1."""
    whole, bias = _look(0, roughness, nv), _look(1, roughness, nv)
    return whole - bias, bias


@inner
def dielectric(roughness: float, nv: float) -> float:
    """:func:`albedo` of a dielectric, of those that are no metal; for a roughness and a cosine, both 0 to 1."""
    return _look(2, roughness, nv)


@inner
def gain(scale: float, bias: float) -> float:
    """What multiple scattering adds to the lobe of a perfect reflector, as a share of it; times ``f0`` for others."""
    return max(1.0 / max(scale + bias, 1e-3) - 1.0, 0.0)


@inner
def albedo(f0: float, scale: float, bias: float) -> float:
    """Share of light from everywhere that the lobe sends towards the eye; 1 for a perfect reflector."""
    return (f0 * scale + bias) * (1.0 + f0 * gain(scale, bias))


@inner
def pane(transmission: float, cosine: float) -> tuple[float, float]:
    """Shares that a thin pane (index 1.5) reflects and lets pass, seen under that cosine; the rest it absorbs.

    Reflections to and fro between the faces are summed (Airy's sum without interference); the absorption is the one
    that gives ``transmission`` head-on. No pane passes more than 1 - 0.077.
    """
    r, keep = DIELECTRIC, (1.0 - DIELECTRIC) * (1.0 - DIELECTRIC)
    # the root of T = (1 - r)^2 a / (1 - r^2 a^2)
    t = min(max(transmission, 1e-6), (1.0 - r) / (1.0 + r))
    a = min((math.sqrt(keep * keep + 4.0 * t * t * r * r) - keep) / (2.0 * t * r * r), 1.0)
    c = min(max(cosine, 1e-3), 1.0)
    inside = math.sqrt(1.0 - (1.0 - c * c) / 2.25)
    a = math.exp(math.log(a) / inside)
    # Fresnel's equations for a dielectric, both polarisations
    s, p = (c - 1.5 * inside) / (c + 1.5 * inside), (1.5 * c - inside) / (1.5 * c + inside)
    r = 0.5 * (s * s + p * p)
    passed = (1.0 - r) * (1.0 - r) * a / (1.0 - r * r * a * a)
    return r * (1.0 + passed * a), passed


@inner
def sheeting(apart: float) -> float:
    """Luminance of sheeting that returns all light, per lux at right angles to it; ``apart``: from source to eye, rad.

    An exponential beam whose integral over directions is 1.
    """
    w = SHEETING_WIDTH
    return math.exp(-apart / w) / (2.0 * math.pi * w * w)
