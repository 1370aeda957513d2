 (func $gemm/qu8_qs8_gemm_5x8_simd (param $0 i32) (param $1 i32) (param $2 i32) (param $3 i32) (param $4 i32) (param $5 i32)
  (local $6 v128)
  (local $7 v128)
  (local $8 v128)
  (local $9 i32)
  (local $10 i32)
  (local $11 v128)
  (local $12 v128)
  (local $13 v128)
  (local $14 v128)
  (local $15 v128)
  (local $16 v128)
  (local $17 v128)
  (local $18 v128)
  (local $19 v128)
  (local $20 v128)
  (local $21 v128)
  (local $22 v128)
  (local $23 i32)
  (local $24 i32)
  (local $25 i32)
  (local $26 i32)
  (local $27 i32)
  (local $28 i32)
  (local $29 i32)
  i32.const 5
  local.tee $9
  local.get $0
  i32.load offset=16
  i32.mul
  i32.const 4
  i32.shl
  local.get $1
  i32.add
  local.set $26
  local.get $0
  i32.load offset=60
  i32.const 0
  i32.ne
  local.set $27
  local.get $0
  v128.load32_splat offset=100
  local.set $17
  i32.const 1262485504
  local.get $0
  i32.load offset=56
  i32.sub
  i32x4.splat
  local.set $18
  local.get $0
  i32.load offset=44
  local.get $0
  i32.load offset=16
  local.get $4
  i32.mul
  i32.const 6
  i32.shl
  i32.add
  local.set $23
  local.get $0
  i32.load offset=48
  local.get $4
  i32.const 5
  i32.shl
  i32.add
  local.set $24
  local.get $0
  i32.load offset=52
  local.get $4
  i32.const 5
  i32.shl
  i32.add
  local.set $25
  local.get $4
  local.get $0
  i32.load offset=28
  local.tee $28
  i32.mul
  local.get $2
  i32.add
  local.set $2
  local.get $4
  local.get $0
  i32.load offset=68
  local.tee $29
  i32.mul
  local.get $3
  i32.add
  local.set $3
  loop $for-loop|0
   local.get $4
   local.get $5
   i32.lt_s
   if
    local.get $24
    v128.load
    local.tee $16
    local.set $21
    local.get $24
    v128.load offset=16
    local.tee $13
    local.set $14
    local.get $16
    local.set $19
    local.get $16
    local.set $20
    local.get $13
    local.tee $11
    local.set $15
    local.get $16
    local.set $22
    local.get $11
    local.set $12
    local.get $1
    local.set $10
    loop $do-loop|1
     local.get $16
     local.get $10
     v128.load32_splat
     local.tee $6
     local.get $23
     v128.load8x8_s align=1
     local.tee $8
     i32x4.dot_i16x8_s
     i32x4.add
     local.set $16
     local.get $13
     local.get $6
     local.get $23
     v128.load8x8_s offset=8 align=1
     local.tee $7
     i32x4.dot_i16x8_s
     i32x4.add
     local.set $13
     local.get $9
     i32.const 1
     i32.gt_u
     if
      local.get $21
      local.get $10
      v128.load32_splat offset=16
      local.tee $6
      local.get $8
      i32x4.dot_i16x8_s
      i32x4.add
      local.set $21
      local.get $14
      local.get $6
      local.get $7
      i32x4.dot_i16x8_s
      i32x4.add
      local.set $14
     end
     local.get $9
     i32.const 2
     i32.gt_u
     if
      local.get $19
      local.get $10
      v128.load32_splat offset=32
      local.tee $6
      local.get $8
      i32x4.dot_i16x8_s
      i32x4.add
      local.set $19
      local.get $11
      local.get $6
      local.get $7
      i32x4.dot_i16x8_s
      i32x4.add
      local.set $11
     end
     local.get $9
     i32.const 3
     i32.gt_u
     if
      local.get $20
      local.get $10
      v128.load32_splat offset=48
      local.tee $6
      local.get $8
      i32x4.dot_i16x8_s
      i32x4.add
      local.set $20
      local.get $15
      local.get $6
      local.get $7
      i32x4.dot_i16x8_s
      i32x4.add
      local.set $15
     end
     local.get $9
     i32.const 4
     i32.gt_u
     if
      local.get $22
      local.get $10
      v128.load32_splat offset=64
      local.tee $6
      local.get $8
      i32x4.dot_i16x8_s
      i32x4.add
      local.set $22
      local.get $12
      local.get $6
      local.get $7
      i32x4.dot_i16x8_s
      i32x4.add
      local.set $12
     end
     local.get $16
     local.get $10
     v128.load32_splat offset=4
     local.tee $6
     local.get $23
     v128.load8x8_s offset=16 align=1
     local.tee $8
     i32x4.dot_i16x8_s
     i32x4.add
     local.set $16
     local.get $13
     local.get $6
     local.get $23
     v128.load8x8_s offset=24 align=1
     local.tee $7
     i32x4.dot_i16x8_s
     i32x4.add
     local.set $13
     local.get $9
     i32.const 1
     i32.gt_u
     if
      local.get $21
      local.get $10
      v128.load32_splat offset=20
      local.tee $6
      local.get $8
      i32x4.dot_i16x8_s
      i32x4.add
      local.set $21
      local.get $14
      local.get $6
      local.get $7
      i32x4.dot_i16x8_s
      i32x4.add
      local.set $14
     end
     local.get $9
     i32.const 2
     i32.gt_u
     if
      local.get $19
      local.get $10
      v128.load32_splat offset=36
      local.tee $6
      local.get $8
      i32x4.dot_i16x8_s
      i32x4.add
      local.set $19
      local.get $11
      local.get $6
      local.get $7
      i32x4.dot_i16x8_s
      i32x4.add
      local.set $11
     end
     local.get $9
     i32.const 3
     i32.gt_u
     if
      local.get $20
      local.get $10
      v128.load32_splat offset=52
      local.tee $6
      local.get $8
      i32x4.dot_i16x8_s
      i32x4.add
      local.set $20
      local.get $15
      local.get $6
      local.get $7
      i32x4.dot_i16x8_s
      i32x4.add
      local.set $15
     end
     local.get $9
     i32.const 4
     i32.gt_u
     if
      local.get $22
      local.get $10
      v128.load32_splat offset=68
      local.tee $6
      local.get $8
      i32x4.dot_i16x8_s
      i32x4.add
      local.set $22
      local.get $12
      local.get $6
      local.get $7
      i32x4.dot_i16x8_s
      i32x4.add
      local.set $12
     end
     local.get $16
     local.get $10
     v128.load32_splat offset=8
     local.tee $6
     local.get $23
     v128.load8x8_s offset=32 align=1
     local.tee $8
     i32x4.dot_i16x8_s
     i32x4.add
     local.set $16
     local.get $13
     local.get $6
     local.get $23
     v128.load8x8_s offset=40 align=1
     local.tee $7
     i32x4.dot_i16x8_s
     i32x4.add
     local.set $13
     local.get $9
     i32.const 1
     i32.gt_u
     if
      local.get $21
      local.get $10
      v128.load32_splat offset=24
      local.tee $6
      local.get $8
      i32x4.dot_i16x8_s
      i32x4.add
      local.set $21
      local.get $14
      local.get $6
      local.get $7
      i32x4.dot_i16x8_s
      i32x4.add
      local.set $14
     end
     local.get $9
     i32.const 2
     i32.gt_u
     if
      local.get $19
      local.get $10
      v128.load32_splat offset=40
      local.tee $6
      local.get $8
      i32x4.dot_i16x8_s
      i32x4.add
      local.set $19
      local.get $11
      local.get $6
      local.get $7
      i32x4.dot_i16x8_s
      i32x4.add
      local.set $11
     end
     local.get $9
     i32.const 3
     i32.gt_u
     if
      local.get $20
      local.get $10
      v128.load32_splat offset=56
      local.tee $6
      local.get $8
      i32x4.dot_i16x8_s
      i32x4.add
      local.set $20
      local.get $15
      local.get $6
      local.get $7
      i32x4.dot_i16x8_s
      i32x4.add
      local.set $15
     end
     local.get $9
     i32.const 4
     i32.gt_u
     if
      local.get $22
      local.get $10
      v128.load32_splat offset=72
      local.tee $6
      local.get $8
      i32x4.dot_i16x8_s
      i32x4.add
      local.set $22
      local.get $12
      local.get $6
      local.get $7
      i32x4.dot_i16x8_s
      i32x4.add
      local.set $12
     end
     local.get $16
     local.get $10
     v128.load32_splat offset=12
     local.tee $6
     local.get $23
     v128.load8x8_s offset=48 align=1
     local.tee $8
     i32x4.dot_i16x8_s
     i32x4.add
     local.set $16
     local.get $13
     local.get $6
     local.get $23
     v128.load8x8_s offset=56 align=1
     local.tee $7
     i32x4.dot_i16x8_s
     i32x4.add
     local.set $13
     local.get $9
     i32.const 1
     i32.gt_u
     if
      local.get $21
      local.get $10
      v128.load32_splat offset=28
      local.tee $6
      local.get $8
      i32x4.dot_i16x8_s
      i32x4.add
      local.set $21
      local.get $14
      local.get $6
      local.get $7
      i32x4.dot_i16x8_s
      i32x4.add
      local.set $14
     end
     local.get $9
     i32.const 2
     i32.gt_u
     if
      local.get $19
      local.get $10
      v128.load32_splat offset=44
      local.tee $6
      local.get $8
      i32x4.dot_i16x8_s
      i32x4.add
      local.set $19
      local.get $11
      local.get $6
      local.get $7
      i32x4.dot_i16x8_s
      i32x4.add
      local.set $11
     end
     local.get $9
     i32.const 3
     i32.gt_u
     if
      local.get $20
      local.get $10
      v128.load32_splat offset=60
      local.tee $6
      local.get $8
      i32x4.dot_i16x8_s
      i32x4.add
      local.set $20
      local.get $15
      local.get $6
      local.get $7
      i32x4.dot_i16x8_s
      i32x4.add
      local.set $15
     end
     local.get $9
     i32.const 4
     i32.gt_u
     if
      local.get $22
      local.get $10
      v128.load32_splat offset=76
      local.tee $6
      local.get $8
      i32x4.dot_i16x8_s
      i32x4.add
      local.set $22
      local.get $12
      local.get $6
      local.get $7
      i32x4.dot_i16x8_s
      i32x4.add
      local.set $12
     end
     local.get $23
     i32.const -64
     i32.sub
     local.set $23
     local.get $26
     local.get $9
     i32.const 4
     i32.shl
     local.get $10
     i32.add
     local.tee $10
     i32.gt_u
     br_if $do-loop|1
    end
    local.get $16
    f32x4.convert_i32x4_s
    local.get $25
    v128.load
    local.tee $8
    f32x4.mul
    local.set $16
    local.get $13
    f32x4.convert_i32x4_s
    local.get $25
    v128.load offset=16
    local.tee $7
    f32x4.mul
    local.set $13
    local.get $9
    i32.const 1
    i32.gt_u
    if
     local.get $21
     f32x4.convert_i32x4_s
     local.get $8
     f32x4.mul
     local.set $21
     local.get $14
     f32x4.convert_i32x4_s
     local.get $7
     f32x4.mul
     local.set $14
    end
    local.get $9
    i32.const 2
    i32.gt_u
    if
     local.get $19
     f32x4.convert_i32x4_s
     local.get $8
     f32x4.mul
     local.set $19
     local.get $11
     f32x4.convert_i32x4_s
     local.get $7
     f32x4.mul
     local.set $11
    end
    local.get $9
    i32.const 3
    i32.gt_u
    if
     local.get $15
     f32x4.convert_i32x4_s
     local.get $7
     f32x4.mul
     local.set $15
     local.get $20
     f32x4.convert_i32x4_s
     local.get $8
     f32x4.mul
     local.set $20
    end
    local.get $9
    i32.const 4
    i32.gt_u
    if
     local.get $22
     f32x4.convert_i32x4_s
     local.get $8
     f32x4.mul
     local.set $22
     local.get $12
     f32x4.convert_i32x4_s
     local.get $7
     f32x4.mul
     local.set $12
    end
    local.get $27
    if
     local.get $16
     local.get $3
     v128.load8x8_u align=1
     local.tee $6
     i32x4.extend_low_i16x8_u
     local.get $0
     i32.load offset=72
     i32x4.splat
     local.tee $8
     i32x4.sub
     f32x4.convert_i32x4_s
     local.get $0
     f32.load offset=76
     f32x4.splat
     local.tee $7
     f32x4.mul
     f32x4.add
     local.set $16
     local.get $13
     local.get $6
     i32x4.extend_high_i16x8_u
     local.get $8
     i32x4.sub
     f32x4.convert_i32x4_s
     local.get $7
     f32x4.mul
     f32x4.add
     local.set $13
     local.get $9
     i32.const 1
     i32.gt_u
     if
      local.get $21
      local.get $3
      v128.load8x8_u offset=8 align=1
      local.tee $6
      i32x4.extend_low_i16x8_u
      local.get $8
      i32x4.sub
      f32x4.convert_i32x4_s
      local.get $7
      f32x4.mul
      f32x4.add
      local.set $21
      local.get $14
      local.get $6
      i32x4.extend_high_i16x8_u
      local.get $8
      i32x4.sub
      f32x4.convert_i32x4_s
      local.get $7
      f32x4.mul
      f32x4.add
      local.set $14
     end
     local.get $9
     i32.const 2
     i32.gt_u
     if
      local.get $19
      local.get $3
      v128.load8x8_u offset=16 align=1
      local.tee $6
      i32x4.extend_low_i16x8_u
      local.get $8
      i32x4.sub
      f32x4.convert_i32x4_s
      local.get $7
      f32x4.mul
      f32x4.add
      local.set $19
      local.get $11
      local.get $6
      i32x4.extend_high_i16x8_u
      local.get $8
      i32x4.sub
      f32x4.convert_i32x4_s
      local.get $7
      f32x4.mul
      f32x4.add
      local.set $11
     end
     local.get $9
     i32.const 3
     i32.gt_u
     if
      local.get $20
      local.get $3
      v128.load8x8_u offset=24 align=1
      local.tee $6
      i32x4.extend_low_i16x8_u
      local.get $8
      i32x4.sub
      f32x4.convert_i32x4_s
      local.get $7
      f32x4.mul
      f32x4.add
      local.set $20
      local.get $15
      local.get $6
      i32x4.extend_high_i16x8_u
      local.get $8
      i32x4.sub
      f32x4.convert_i32x4_s
      local.get $7
      f32x4.mul
      f32x4.add
      local.set $15
     end
     local.get $9
     i32.const 4
     i32.gt_u
     if (result v128)
      local.get $22
      local.get $3
      v128.load8x8_u offset=32 align=1
      local.tee $6
      i32x4.extend_low_i16x8_u
      local.get $8
      i32x4.sub
      f32x4.convert_i32x4_s
      local.get $7
      f32x4.mul
      f32x4.add
      local.set $22
      local.get $12
      local.get $6
      i32x4.extend_high_i16x8_u
      local.get $8
      i32x4.sub
      f32x4.convert_i32x4_s
      local.get $7
      f32x4.mul
      f32x4.add
     else
      local.get $12
     end
     local.set $12
    end
    local.get $9
    i32.const 1
    i32.eq
    if
     local.get $2
     local.get $16
     local.get $17
     f32x4.add
     local.get $18
     i32x4.sub
     local.get $13
     local.get $17
     f32x4.add
     local.get $18
     i32x4.sub
     i16x8.narrow_i32x4_s
     local.tee $7
     local.get $7
     i8x16.narrow_i16x8_u
     v128.store64_lane 0
    end
    local.get $9
    i32.const 1
    i32.gt_u
    if
     local.get $2
     local.get $16
     local.get $17
     f32x4.add
     local.get $18
     i32x4.sub
     local.get $13
     local.get $17
     f32x4.add
     local.get $18
     i32x4.sub
     i16x8.narrow_i32x4_s
     local.get $21
     local.get $17
     f32x4.add
     local.get $18
     i32x4.sub
     local.get $14
     local.get $17
     f32x4.add
     local.get $18
     i32x4.sub
     i16x8.narrow_i32x4_s
     i8x16.narrow_i16x8_u
     v128.store
    end
    local.get $9
    i32.const 3
    i32.eq
    if
     local.get $2
     i32.const 16
     i32.add
     local.get $19
     local.get $17
     f32x4.add
     local.get $18
     i32x4.sub
     local.get $11
     local.get $17
     f32x4.add
     local.get $18
     i32x4.sub
     i16x8.narrow_i32x4_s
     local.tee $13
     local.get $13
     i8x16.narrow_i16x8_u
     v128.store64_lane 0
    end
    local.get $9
    i32.const 3
    i32.gt_u
    if
     local.get $2
     i32.const 16
     i32.add
     local.get $19
     local.get $17
     f32x4.add
     local.get $18
     i32x4.sub
     local.get $11
     local.get $17
     f32x4.add
     local.get $18
     i32x4.sub
     i16x8.narrow_i32x4_s
     local.get $20
     local.get $17
     f32x4.add
     local.get $18
     i32x4.sub
     local.get $15
     local.get $17
     f32x4.add
     local.get $18
     i32x4.sub
     i16x8.narrow_i32x4_s
     i8x16.narrow_i16x8_u
     v128.store
    end
    local.get $9
    i32.const 5
    i32.eq
    if
     local.get $2
     i32.const 32
     i32.add
     local.get $22
     local.get $17
     f32x4.add
     local.get $18
     i32x4.sub
     local.get $12
     local.get $17
     f32x4.add
     local.get $18
     i32x4.sub
     i16x8.narrow_i32x4_s
     local.tee $13
     local.get $13
     i8x16.narrow_i16x8_u
     v128.store64_lane 0
    end
    local.get $24
    i32.const 32
    i32.add
    local.set $24
    local.get $25
    i32.const 32
    i32.add
    local.set $25
    local.get $2
    local.get $28
    i32.add
    local.set $2
    local.get $3
    local.get $29
    i32.add
    local.set $3
    local.get $4
    i32.const 1
    i32.add
    local.set $4
    br $for-loop|0
   end
  end
 )
