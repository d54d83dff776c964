# SPDX-License-Identifier: BSD-3-Clause
"""The thermal simulation of thermal.c, which names the symbols, in arithmetic that every framework understands."""
import math

STEPS, STEP_S, GEOMETRY, TARGET = 20, 0.1, 10.0, 27.344767

# tube, slab, water, tank, start
PARAMETERS = [0.50292, 0.019, 0.001588, 2.43,
              21.1111111, 100.0, 0.2, 2242.58, 0.101,
              0.0, 60.0, 0.0006309, 1000.0, 4180.0,
              70.0, 0.0757082, 4180.0, 1000.0, 75.708,
              33.3]


def in_python(step, state):
    for _ in range(STEPS):
        state = step(state)
    return state


def simulate(p, repeat=in_python):
    """|T_slab after STEPS - TARGET|; p: 20 scalars of any type with arithmetic. repeat(step, state): the state after STEPS."""
    (spacing, diameter, wall, resistivity, _, area, slab_c, slab_density, thickness,
     _, T_water, flow, water_density, water_c, T_tank, volume, tank_c, tank_density, _, T_slab) = p
    UA = area / spacing * math.pi * diameter / (resistivity * wall * GEOMETRY)
    flow_C = flow * water_density * water_c
    per_water = 1.0 / flow_C
    per_tank = STEP_S / (volume * tank_density * tank_c)
    per_slab = STEP_S / (area * thickness * slab_density * slab_c)

    def step(state):
        T_tank, T_water, T_slab = state
        power = (T_tank - T_water) * flow_C
        T_tank = T_tank + power * per_tank
        T_water = T_water + power * per_water
        power = (T_slab - T_water) * UA
        return T_tank, T_water + power * per_water, T_slab - power * per_slab

    return abs(repeat(step, (T_tank, T_water, T_slab))[2] - TARGET)
