import { z } from 'zod';
import { ciString, image, listOf, nonEmptyListOf, openEnum, optional, text } from './schema.js';

/** Parking spaces of a Location (OCPI 2.3.0 §8.4, Parking), and how an EVSE refers to them. */

const vehicleTypes = [
  'MOTORCYCLE',
  'PERSONAL_VEHICLE',
  'PERSONAL_VEHICLE_WITH_TRAILER',
  'VAN',
  'SEMI_TRACTOR',
  'RIGID',
  'TRUCK_WITH_TRAILER',
  'BUS',
  'DISABLED',
] as const;

/** Weights in kg, lengths in cm, the time limit in minutes. */
export const parking = z.object({
  id: ciString(36),
  physical_reference: optional(text(12)),
  vehicle_types: nonEmptyListOf(openEnum(vehicleTypes)),
  max_vehicle_weight: optional(z.number()),
  max_vehicle_height: optional(z.number()),
  max_vehicle_length: optional(z.number()),
  max_vehicle_width: optional(z.number()),
  parking_space_length: optional(z.number()),
  parking_space_width: optional(z.number()),
  dangerous_goods_allowed: optional(z.boolean()),
  direction: optional(z.enum(['PARALLEL', 'PERPENDICULAR', 'ANGLE'])),
  drive_through: optional(z.boolean()),
  restricted_to_type: z.boolean(),
  reservation_required: z.boolean(),
  time_limit: optional(z.number()),
  roofed: optional(z.boolean()),
  images: listOf(image),
  lighting: optional(z.boolean()),
  refrigeration_outlet: optional(z.boolean()),
  standards: listOf(ciString(36)),
  apds_reference: optional(ciString(255)),
});

/** `parking_id` is the id of a parking space of the same Location. */
export const evseParking = z.object({
  parking_id: ciString(36),
  evse_position: optional(z.enum(['LEFT', 'RIGHT', 'CENTER'])),
});
