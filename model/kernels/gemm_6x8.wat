 (func $gemm/qu8_qs8_gemm_6x8_simd (param $0 i32) (param $1 i32) (param $2 i32) (param $3 i32) (param $4 i32) (param $5 i32)
  (local $6 v128)
  (local $7 v128)
  (local $8 v128)
  (local $9 i32)
  (local $10 v128)
  (local $11 v128)
  (local $12 v128)
  (local $13 v128)
  (local $14 v128)
  (local $15 v128)
  (local $16 v128)
  (local $17 v128)
  (local $18 v128)
  (local $19 i32)
  (local $20 v128)
  (local $21 v128)
  (local $22 i32)
  (local $23 i32)
  (local $24 i32)
  (local $25 i32)
  (local $26 i32)
  (local $27 i32)
  (local $28 v128)
  (local $29 v128)
  (local $30 v128)
  (local $31 v128)
  (local $32 v128)
  (local $33 v128)
  (local $34 v128)
  (local $35 v128)
  (local $36 v128)
  (local $37 v128)
  (local $38 v128)
  (local $39 v128)
  local.get $1
  local.get $0
  i32.load offset=16
  local.tee $9
  i32.const 96
  i32.mul
  i32.add
  local.set $24
  local.get $0
  i32.load offset=60
  i32.const 0
  i32.ne
  local.set $25
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
  local.get $4
  local.get $9
  i32.mul
  i32.const 6
  i32.shl
  i32.add
  local.set $19
  local.get $4
  i32.const 5
  i32.shl
  local.tee $9
  local.get $0
  i32.load offset=48
  i32.add
  local.set $22
  local.get $0
  i32.load offset=52
  local.get $9
  i32.add
  local.set $23
  local.get $2
  local.get $0
  i32.load offset=28
  local.tee $26
  local.get $4
  i32.mul
  i32.add
  local.set $2
  local.get $3
  local.get $0
  i32.load offset=68
  local.tee $27
  local.get $4
  i32.mul
  i32.add
  local.set $3
  loop $for-loop|0
   local.get $4
   local.get $5
   i32.lt_s
   if
    local.get $22
    v128.load
    local.tee $10
    local.set $20
    local.get $22
    v128.load offset=16
    local.tee $11
    local.set $21
    local.get $10
    local.tee $7
    local.tee $12
    local.tee $13
    local.set $16
    local.get $11
    local.tee $8
    local.tee $14
    local.tee $15
    local.set $6
    local.get $1
    local.set $9
    loop $do-loop|1
     local.get $10
     local.get $9
     v128.load32_splat
     local.tee $28
     local.get $19
     v128.load8x8_s align=1
     local.tee $29
     i32x4.dot_i16x8_s
     i32x4.add
     local.get $9
     v128.load32_splat offset=4
     local.tee $30
     local.get $19
     v128.load8x8_s offset=16 align=1
     local.tee $31
     i32x4.dot_i16x8_s
     i32x4.add
     local.get $9
     v128.load32_splat offset=8
     local.tee $32
     local.get $19
     v128.load8x8_s offset=32 align=1
     local.tee $33
     i32x4.dot_i16x8_s
     i32x4.add
     local.get $9
     v128.load32_splat offset=12
     local.tee $34
     local.get $19
     v128.load8x8_s offset=48 align=1
     local.tee $35
     i32x4.dot_i16x8_s
     i32x4.add
     local.set $10
     local.get $11
     local.get $28
     local.get $19
     v128.load8x8_s offset=8 align=1
     local.tee $28
     i32x4.dot_i16x8_s
     i32x4.add
     local.get $30
     local.get $19
     v128.load8x8_s offset=24 align=1
     local.tee $30
     i32x4.dot_i16x8_s
     i32x4.add
     local.get $32
     local.get $19
     v128.load8x8_s offset=40 align=1
     local.tee $32
     i32x4.dot_i16x8_s
     i32x4.add
     local.get $34
     local.get $19
     v128.load8x8_s offset=56 align=1
     local.tee $34
     i32x4.dot_i16x8_s
     i32x4.add
     local.set $11
     local.get $20
     local.get $9
     v128.load32_splat offset=16
     local.tee $36
     local.get $29
     i32x4.dot_i16x8_s
     i32x4.add
     local.get $9
     v128.load32_splat offset=20
     local.tee $37
     local.get $31
     i32x4.dot_i16x8_s
     i32x4.add
     local.get $9
     v128.load32_splat offset=24
     local.tee $38
     local.get $33
     i32x4.dot_i16x8_s
     i32x4.add
     local.get $9
     v128.load32_splat offset=28
     local.tee $39
     local.get $35
     i32x4.dot_i16x8_s
     i32x4.add
     local.set $20
     local.get $21
     local.get $36
     local.get $28
     i32x4.dot_i16x8_s
     i32x4.add
     local.get $37
     local.get $30
     i32x4.dot_i16x8_s
     i32x4.add
     local.get $38
     local.get $32
     i32x4.dot_i16x8_s
     i32x4.add
     local.get $39
     local.get $34
     i32x4.dot_i16x8_s
     i32x4.add
     local.set $21
     local.get $7
     local.get $9
     v128.load32_splat offset=32
     local.tee $36
     local.get $29
     i32x4.dot_i16x8_s
     i32x4.add
     local.get $9
     v128.load32_splat offset=36
     local.tee $37
     local.get $31
     i32x4.dot_i16x8_s
     i32x4.add
     local.get $9
     v128.load32_splat offset=40
     local.tee $38
     local.get $33
     i32x4.dot_i16x8_s
     i32x4.add
     local.get $9
     v128.load32_splat offset=44
     local.tee $39
     local.get $35
     i32x4.dot_i16x8_s
     i32x4.add
     local.set $7
     local.get $8
     local.get $36
     local.get $28
     i32x4.dot_i16x8_s
     i32x4.add
     local.get $37
     local.get $30
     i32x4.dot_i16x8_s
     i32x4.add
     local.get $38
     local.get $32
     i32x4.dot_i16x8_s
     i32x4.add
     local.get $39
     local.get $34
     i32x4.dot_i16x8_s
     i32x4.add
     local.set $8
     local.get $12
     local.get $9
     v128.load32_splat offset=48
     local.tee $36
     local.get $29
     i32x4.dot_i16x8_s
     i32x4.add
     local.get $9
     v128.load32_splat offset=52
     local.tee $37
     local.get $31
     i32x4.dot_i16x8_s
     i32x4.add
     local.get $9
     v128.load32_splat offset=56
     local.tee $38
     local.get $33
     i32x4.dot_i16x8_s
     i32x4.add
     local.get $9
     v128.load32_splat offset=60
     local.tee $39
     local.get $35
     i32x4.dot_i16x8_s
     i32x4.add
     local.set $12
     local.get $14
     local.get $36
     local.get $28
     i32x4.dot_i16x8_s
     i32x4.add
     local.get $37
     local.get $30
     i32x4.dot_i16x8_s
     i32x4.add
     local.get $38
     local.get $32
     i32x4.dot_i16x8_s
     i32x4.add
     local.get $39
     local.get $34
     i32x4.dot_i16x8_s
     i32x4.add
     local.set $14
     local.get $13
     local.get $9
     v128.load32_splat offset=64
     local.tee $36
     local.get $29
     i32x4.dot_i16x8_s
     i32x4.add
     local.get $9
     v128.load32_splat offset=68
     local.tee $37
     local.get $31
     i32x4.dot_i16x8_s
     i32x4.add
     local.get $9
     v128.load32_splat offset=72
     local.tee $38
     local.get $33
     i32x4.dot_i16x8_s
     i32x4.add
     local.get $9
     v128.load32_splat offset=76
     local.tee $39
     local.get $35
     i32x4.dot_i16x8_s
     i32x4.add
     local.set $13
     local.get $15
     local.get $36
     local.get $28
     i32x4.dot_i16x8_s
     i32x4.add
     local.get $37
     local.get $30
     i32x4.dot_i16x8_s
     i32x4.add
     local.get $38
     local.get $32
     i32x4.dot_i16x8_s
     i32x4.add
     local.get $39
     local.get $34
     i32x4.dot_i16x8_s
     i32x4.add
     local.set $15
     local.get $16
     local.get $9
     v128.load32_splat offset=80
     local.tee $36
     local.get $29
     i32x4.dot_i16x8_s
     i32x4.add
     local.get $9
     v128.load32_splat offset=84
     local.tee $29
     local.get $31
     i32x4.dot_i16x8_s
     i32x4.add
     local.get $9
     v128.load32_splat offset=88
     local.tee $31
     local.get $33
     i32x4.dot_i16x8_s
     i32x4.add
     local.get $9
     v128.load32_splat offset=92
     local.tee $33
     local.get $35
     i32x4.dot_i16x8_s
     i32x4.add
     local.set $16
     local.get $6
     local.get $36
     local.get $28
     i32x4.dot_i16x8_s
     i32x4.add
     local.get $29
     local.get $30
     i32x4.dot_i16x8_s
     i32x4.add
     local.get $31
     local.get $32
     i32x4.dot_i16x8_s
     i32x4.add
     local.get $33
     local.get $34
     i32x4.dot_i16x8_s
     i32x4.add
     local.set $6
     local.get $19
     i32.const -64
     i32.sub
     local.set $19
     local.get $24
     local.get $9
     i32.const 96
     i32.add
     local.tee $9
     i32.gt_u
     br_if $do-loop|1
    end
    local.get $10
    f32x4.convert_i32x4_s
    local.get $23
    v128.load
    local.tee $28
    f32x4.mul
    local.set $10
    local.get $11
    f32x4.convert_i32x4_s
    local.get $23
    v128.load offset=16
    local.tee $29
    f32x4.mul
    local.set $11
    local.get $20
    f32x4.convert_i32x4_s
    local.get $28
    f32x4.mul
    local.set $20
    local.get $21
    f32x4.convert_i32x4_s
    local.get $29
    f32x4.mul
    local.set $21
    local.get $7
    f32x4.convert_i32x4_s
    local.get $28
    f32x4.mul
    local.set $7
    local.get $8
    f32x4.convert_i32x4_s
    local.get $29
    f32x4.mul
    local.set $8
    local.get $12
    f32x4.convert_i32x4_s
    local.get $28
    f32x4.mul
    local.set $12
    local.get $14
    f32x4.convert_i32x4_s
    local.get $29
    f32x4.mul
    local.set $14
    local.get $13
    f32x4.convert_i32x4_s
    local.get $28
    f32x4.mul
    local.set $13
    local.get $15
    f32x4.convert_i32x4_s
    local.get $29
    f32x4.mul
    local.set $15
    local.get $16
    f32x4.convert_i32x4_s
    local.get $28
    f32x4.mul
    local.set $16
    local.get $6
    f32x4.convert_i32x4_s
    local.get $29
    f32x4.mul
    local.set $6
    local.get $25
    if
     local.get $10
     local.get $3
     v128.load8x8_u align=1
     local.tee $28
     i32x4.extend_low_i16x8_u
     local.get $0
     i32.load offset=72
     i32x4.splat
     local.tee $29
     i32x4.sub
     f32x4.convert_i32x4_s
     local.get $0
     f32.load offset=76
     f32x4.splat
     local.tee $30
     f32x4.mul
     f32x4.add
     local.set $10
     local.get $11
     local.get $28
     i32x4.extend_high_i16x8_u
     local.get $29
     i32x4.sub
     f32x4.convert_i32x4_s
     local.get $30
     f32x4.mul
     f32x4.add
     local.set $11
     local.get $20
     local.get $3
     v128.load8x8_u offset=8 align=1
     local.tee $28
     i32x4.extend_low_i16x8_u
     local.get $29
     i32x4.sub
     f32x4.convert_i32x4_s
     local.get $30
     f32x4.mul
     f32x4.add
     local.set $20
     local.get $21
     local.get $28
     i32x4.extend_high_i16x8_u
     local.get $29
     i32x4.sub
     f32x4.convert_i32x4_s
     local.get $30
     f32x4.mul
     f32x4.add
     local.set $21
     local.get $7
     local.get $3
     v128.load8x8_u offset=16 align=1
     local.tee $28
     i32x4.extend_low_i16x8_u
     local.get $29
     i32x4.sub
     f32x4.convert_i32x4_s
     local.get $30
     f32x4.mul
     f32x4.add
     local.set $7
     local.get $8
     local.get $28
     i32x4.extend_high_i16x8_u
     local.get $29
     i32x4.sub
     f32x4.convert_i32x4_s
     local.get $30
     f32x4.mul
     f32x4.add
     local.set $8
     local.get $12
     local.get $3
     v128.load8x8_u offset=24 align=1
     local.tee $28
     i32x4.extend_low_i16x8_u
     local.get $29
     i32x4.sub
     f32x4.convert_i32x4_s
     local.get $30
     f32x4.mul
     f32x4.add
     local.set $12
     local.get $14
     local.get $28
     i32x4.extend_high_i16x8_u
     local.get $29
     i32x4.sub
     f32x4.convert_i32x4_s
     local.get $30
     f32x4.mul
     f32x4.add
     local.set $14
     local.get $13
     local.get $3
     v128.load8x8_u offset=32 align=1
     local.tee $28
     i32x4.extend_low_i16x8_u
     local.get $29
     i32x4.sub
     f32x4.convert_i32x4_s
     local.get $30
     f32x4.mul
     f32x4.add
     local.set $13
     local.get $15
     local.get $28
     i32x4.extend_high_i16x8_u
     local.get $29
     i32x4.sub
     f32x4.convert_i32x4_s
     local.get $30
     f32x4.mul
     f32x4.add
     local.set $15
     local.get $16
     local.get $3
     v128.load8x8_u offset=40 align=1
     local.tee $28
     i32x4.extend_low_i16x8_u
     local.get $29
     i32x4.sub
     f32x4.convert_i32x4_s
     local.get $30
     f32x4.mul
     f32x4.add
     local.set $16
     local.get $6
     local.get $28
     i32x4.extend_high_i16x8_u
     local.get $29
     i32x4.sub
     f32x4.convert_i32x4_s
     local.get $30
     f32x4.mul
     f32x4.add
     local.set $6
    end
    local.get $2
    local.get $10
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
    local.get $21
    local.get $17
    f32x4.add
    local.get $18
    i32x4.sub
    i16x8.narrow_i32x4_s
    i8x16.narrow_i16x8_u
    v128.store
    local.get $2
    local.get $7
    local.get $17
    f32x4.add
    local.get $18
    i32x4.sub
    local.get $8
    local.get $17
    f32x4.add
    local.get $18
    i32x4.sub
    i16x8.narrow_i32x4_s
    local.get $12
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
    v128.store offset=16
    local.get $2
    local.get $13
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
    local.get $16
    local.get $17
    f32x4.add
    local.get $18
    i32x4.sub
    local.get $6
    local.get $17
    f32x4.add
    local.get $18
    i32x4.sub
    i16x8.narrow_i32x4_s
    i8x16.narrow_i16x8_u
    v128.store offset=32
    local.get $22
    i32.const 32
    i32.add
    local.set $22
    local.get $23
    i32.const 32
    i32.add
    local.set $23
    local.get $2
    local.get $26
    i32.add
    local.set $2
    local.get $3
    local.get $27
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
